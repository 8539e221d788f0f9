/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* limit.c - a table of fixed size: whoever was not seen for longest makes room. A name that was
 * forgotten begins with a full bucket, so a flood of names only ever lets through more. */
#include "server/limit.h"

#include "base/alloc.h"
#include "base/error.h"

#include <math.h>
#include <pthread.h>
#include <sodium.h>
#include <string.h>

enum { BUCKETS = 1 << 15, NEAR = 8 };

typedef struct {
	uint64_t name; ///< its hash; 0: empty
	double tokens, at;
} bucket;

struct pl_limit {
	pthread_mutex_t mutex;
	unsigned char key[crypto_shorthash_KEYBYTES];
	bucket bucket[BUCKETS];
};

pl_status pl_limit_new(pl_limit **out, pl_error *err)
{
	pl_limit *l = *out = pl_alloc(1, sizeof *l);
	if (l == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for the server's limits");
	(void)pthread_mutex_init(&l->mutex, NULL);
	crypto_shorthash_keygen(l->key);
	return PL_OK;
}

void pl_limit_free(pl_limit *l)
{
	if (l == NULL) return;
	(void)pthread_mutex_destroy(&l->mutex);
	pl_free(l);
}

static uint64_t hash_of(const pl_limit *l, const char *name)
{
	unsigned char bytes[crypto_shorthash_BYTES];
	uint64_t hash;
	(void)crypto_shorthash(bytes, (const unsigned char *)name, strlen(name), l->key);
	memcpy(&hash, bytes, sizeof hash);
	return hash != 0 ? hash : 1;
}

/// The bucket of a name: its own, or the one that was used longest ago, made new.
static bucket *bucket_of(pl_limit *l, uint64_t name, double burst, double time)
{
	bucket *oldest = NULL;
	for (uint64_t i = 0; i < NEAR; i++) {
		bucket *b = &l->bucket[(name + i) % BUCKETS];
		if (b->name == name) return b;
		if (oldest == NULL || b->at < oldest->at) oldest = b;
	}
	*oldest = (bucket){.name = name, .tokens = burst, .at = time};
	return oldest;
}

int pl_limit_take(pl_limit *l, const char *name, pl_rate rate, double time)
{
	int wait = 0;
	(void)pthread_mutex_lock(&l->mutex);
	bucket *b = bucket_of(l, hash_of(l, name), rate.burst, time);
	b->tokens = fmin(rate.burst, b->tokens + rate.rate * fmax(0, time - b->at));
	b->at = time;
	if (b->tokens >= 1)
		b->tokens -= 1;
	else
		wait = (int)ceil((1 - b->tokens) / rate.rate);
	(void)pthread_mutex_unlock(&l->mutex);
	return wait;
}
