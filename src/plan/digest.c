/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* digest.c - the name that a plan's numbers have for everybody. */
#include <plenum/plan.h>
#include <sodium/crypto_hash_sha256.h>
#include <string.h>

enum { BYTES = 8, CHUNK = 512 }; ///< of a number; numbers that go to the hash at once

typedef struct {
	crypto_hash_sha256_state sha;
	int n;
	unsigned char bytes[CHUNK * BYTES];
} digest;

static void flush(digest *d)
{
	(void)crypto_hash_sha256_update(&d->sha, d->bytes, (unsigned long long)d->n * BYTES);
	d->n = 0;
}

/// IEEE 754, lowest byte first, -0 as 0.
static void put(digest *d, double x)
{
	const double value = x + 0.0; /* -0 + 0 is 0 */
	uint64_t bits;
	memcpy(&bits, &value, sizeof bits);
	unsigned char *to = d->bytes + (size_t)d->n * BYTES;
	for (int i = 0; i < BYTES; i++) to[i] = (unsigned char)(bits >> (8 * i));
	if (++d->n == CHUNK) flush(d);
}

void pl_plan_digest(char out[65], const pl_model *m, const double *price,
                    const double *quantity)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char sum[crypto_hash_sha256_BYTES];
	digest d;
	d.n = 0;
	(void)crypto_hash_sha256_init(&d.sha);
	for (int32_t i = 0; i < m->n_goods; i++) put(&d, price[i]);
	for (int64_t k = 0; k < m->n_links; k++)
		put(&d, quantity[m->link.row != NULL ? m->link.row[k] : k]);
	flush(&d);
	(void)crypto_hash_sha256_final(&d.sha, sum);
	for (size_t i = 0; i < sizeof sum; i++) {
		out[2 * i] = hex[sum[i] >> 4];
		out[2 * i + 1] = hex[sum[i] & 15];
	}
	out[2 * sizeof sum] = '\0';
}

const char *pl_outcome_name(pl_outcome o)
{
	switch (o) {
	case PL_CLEARED:
		return "cleared";
	case PL_ROUND_LIMIT:
		return "round_limit";
	case PL_STALLED:
		return "stalled";
	case PL_STOPPED:
		return "stopped";
	case PL_INFEASIBLE:
		return "infeasible";
	}
	return NULL;
}
