/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "io/plain.h"

#include "base/alloc.h"
#include "base/error.h"

#include <errno.h>
#include <string.h>

static pl_status no_memory(const pl_plain *p, pl_error *err)
{
	return pl_fail(err, PL_ENOMEM, -1, "no memory to read %s", p->shown);
}

pl_status pl_plain_open(pl_plain *out, const char *path, const char *shown, const void *bytes,
                        size_t n, pl_error *err)
{
	*out = (pl_plain){.shown = shown, .left = bytes, .n_left = n};
	if (bytes != NULL) return PL_OK;
	out->n_left = 0;
	out->chunk = pl_alloc(PL_PLAIN_CHUNK, 1);
	if (out->chunk == NULL) return no_memory(out, err);
	out->from = fopen(path, "rb");
	if (out->from != NULL) return PL_OK;
	const int why = errno;
	pl_plain_close(out);
	if (why == ENOENT)
		return pl_fail(err, PL_ENOTFOUND, -1, "%s: there is no such file", shown);
	return pl_fail(err, PL_EIO, -1, "%s: cannot be read: %s", shown, strerror(why));
}

void pl_plain_close(pl_plain *p)
{
	if (p->from != NULL) (void)fclose(p->from);
	pl_free(p->chunk);
	pl_bytes_free(&p->text);
	*p = (pl_plain){0};
}

/// Are there further bytes? @param[out] more false at the end
static pl_status refill(bool *more, pl_plain *p, pl_error *err)
{
	if (p->n_left == 0 && p->from != NULL) {
		p->left = p->chunk;
		p->n_left = fread(p->chunk, 1, PL_PLAIN_CHUNK, p->from);
		if (p->n_left == 0 && ferror(p->from))
			return pl_fail(err, PL_EIO, p->line, "%s: cannot be read: %s", p->shown,
			               strerror(errno));
	}
	*more = p->n_left > 0;
	return PL_OK;
}

/// Add bytes up to the line's end, or all that are left. @param[out] ended the line's end came
static pl_status take(bool *ended, pl_plain *p, pl_error *err)
{
	const unsigned char *stop = memchr(p->left, '\n', p->n_left);
	const size_t n = stop != NULL ? (size_t)(stop - p->left) : p->n_left;
	if (p->text.n + (int64_t)n > PL_PLAIN_LINE)
		return pl_fail(err, PL_EPARSE, p->line,
		               "%s:%lld: the line is longer than %d bytes", p->shown,
		               (long long)p->line, (int)PL_PLAIN_LINE);
	if (pl_bytes_add(&p->text, p->left, (int64_t)n) != PL_OK) return no_memory(p, err);
	*ended = stop != NULL;
	p->left += n + (*ended ? 1 : 0);
	p->n_left -= n + (*ended ? 1 : 0);
	return PL_OK;
}

/// The first byte that no line may hold, or -1.
static int64_t control(const pl_bytes *text)
{
	for (int64_t i = 0; i < text->n; i++) {
		const unsigned char c = (unsigned char)text->at[i];
		if ((c < 0x20 && c != '\t') || c == 0x7F) return i;
	}
	return -1;
}

static pl_status check(const pl_plain *p, pl_error *err)
{
	const int64_t bad = control(&p->text);
	if (bad >= 0)
		return pl_fail(
		        err, PL_EPARSE, p->line, "%s:%lld: %s; save the file as UTF-8 text",
		        p->shown, (long long)p->line,
		        p->text.at[bad] == 0 ? "a NUL byte (is this a binary file, or UTF-16?)"
		                             : "a control character");
	if (pl_utf8_fault(p->text.at, p->text.n) >= 0)
		return pl_fail(err, PL_EPARSE, p->line,
		               "%s:%lld: not valid UTF-8; save the file as UTF-8 text",
		               p->shown, (long long)p->line);
	return PL_OK;
}

static void skip_mark_of_order(pl_bytes *text)
{
	static const char mark[] = "\xEF\xBB\xBF";
	if (text->n < 3 || memcmp(text->at, mark, 3) != 0) return;
	text->n -= 3;
	memmove(text->at, text->at + 3, (size_t)text->n);
}

pl_status pl_plain_next(bool *got, pl_plain *p, pl_error *err)
{
	bool ended = false;
	p->text.n = 0;
	PL_TRY(refill(got, p, err));
	if (!*got) return PL_OK;
	p->line++;
	for (bool more = true; more && !ended;) {
		PL_TRY(take(&ended, p, err));
		PL_TRY(refill(&more, p, err));
	}
	if (p->line == 1) skip_mark_of_order(&p->text);
	if (ended && p->text.n > 0 && p->text.at[p->text.n - 1] == '\r') p->text.n--;
	PL_TRY(check(p, err));
	if (pl_bytes_add(&p->text, "", 1) != PL_OK) return no_memory(p, err);
	p->text.n--;
	return PL_OK;
}
