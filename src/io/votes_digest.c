/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* votes_digest.c - the digest of an election: each ballot is hashed, the hashes are sorted, and
 * equal ones added, so that neither the order of the ballots nor how they are bundled counts.
 */
#include "io/votes_digest.h"

#include "base/alloc.h"
#include "base/error.h"
#include "io/votes.h"

#include <inttypes.h>
#include <sodium/crypto_hash_sha256.h>
#include <sodium/utils.h>
#include <stdlib.h>
#include <string.h>

enum { HASH = crypto_hash_sha256_BYTES };

/// Equal ballots.
typedef struct {
	unsigned char hash[HASH];
	int64_t weight;
} bundle;

static void add(crypto_hash_sha256_state *sum, const void *bytes, size_t n)
{
	(void)crypto_hash_sha256_update(sum, bytes, (unsigned long long)n);
}

/// A whole number as eight bytes, the least first.
static void add_whole(crypto_hash_sha256_state *sum, int64_t x)
{
	unsigned char bytes[8];
	for (int i = 0; i < 8; i++) bytes[i] = (unsigned char)((uint64_t)x >> (8 * i));
	add(sum, bytes, sizeof bytes);
}

static void add_text(crypto_hash_sha256_state *sum, const char *text)
{
	add(sum, text, strlen(text) + 1);
}

/// Options and values of a ballot. Of ranks their order counts alone, and abstaining is as much
/// as no mark.
static void hash_ballot(bundle *out, const pl_election *e, int64_t b)
{
	crypto_hash_sha256_state sum;
	int32_t place = 0, before = 0;
	(void)crypto_hash_sha256_init(&sum);
	for (int64_t k = e->start[b]; k < e->start[b + 1]; k++) {
		int32_t value = e->value != NULL ? e->value[k] : 1;
		if (e->kind == PL_BALLOT_MOTION && value == PL_MARK_ABSTAIN) continue;
		if (e->kind == PL_BALLOT_RANKED) {
			if (e->value == NULL || value != before) place++;
			before = value;
			value = place;
		}
		add_whole(&sum, e->marked[k]);
		add_whole(&sum, value);
	}
	(void)crypto_hash_sha256_final(&sum, out->hash);
	out->weight = e->weight == NULL ? 1 : e->weight[b];
}

static int by_hash(const void *a, const void *b)
{
	return memcmp(((const bundle *)a)->hash, ((const bundle *)b)->hash, HASH);
}

static void add_facts(crypto_hash_sha256_state *sum, const pl_election *e)
{
	char money[PL_MONEY_CHARS];
	add_text(sum, "plenum votes 1");
	add_text(sum, pl_ballot_name((int)e->kind));
	add_whole(sum, e->n_options);
	for (int32_t i = 0; i < e->n_options; i++) {
		add_text(sum, pl_text_at(e->option.id, i));
		add_text(sum, pl_money_print(money, e->option.cost[i], e->decimals));
	}
	add_text(sum, e->budget < 0 ? "" : pl_money_print(money, e->budget, e->decimals));
	add_whole(sum, e->eligible);
	add_whole(sum, e->longest);
}

pl_status pl_votes_digest(char out[PL_VOTES_DIGEST], const pl_election *e, pl_error *err)
{
	crypto_hash_sha256_state sum;
	unsigned char hash[HASH];
	const int64_t n = e->n_ballots;
	bundle *all = pl_alloc(n, sizeof *all);
	if (all == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory to add up the ballots");
	for (int64_t b = 0; b < n; b++) hash_ballot(&all[b], e, b);
	qsort(all, (size_t)n, sizeof *all, by_hash);
	(void)crypto_hash_sha256_init(&sum);
	add_facts(&sum, e);
	for (int64_t b = 0; b < n;) {
		const bundle *first = &all[b];
		int64_t weight = 0;
		for (; b < n && by_hash(first, &all[b]) == 0; b++) weight += all[b].weight;
		add(&sum, first->hash, HASH);
		add_whole(&sum, weight);
	}
	(void)crypto_hash_sha256_final(&sum, hash);
	(void)sodium_bin2hex(out, PL_VOTES_DIGEST, hash, sizeof hash);
	pl_free(all);
	return PL_OK;
}
