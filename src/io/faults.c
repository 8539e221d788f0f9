/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/alloc.h"
#include "io/economy.h"

#include <stdarg.h>

/* The sentence as a string of its own, or NULL. */
__attribute__((format(printf, 1, 0))) static char *sentence(const char *fmt, va_list ap)
{
	char text[1024];
	(void)vsnprintf(text, sizeof text, fmt, ap);
	char *s = pl_alloc((int64_t)sizeof text, 1);
	if (s != NULL) (void)snprintf(s, sizeof text, "%s", text);
	return s;
}

pl_status pl_faults_add(pl_faults *f, const char *fmt, ...)
{
	if (f->n < PL_FAULTS_SHOWN) {
		va_list ap;
		va_start(ap, fmt);
		f->text[f->n] = sentence(fmt, ap);
		va_end(ap);
		if (f->text[f->n] == NULL) return PL_ENOMEM;
	}
	f->n++;
	return PL_OK;
}

pl_status pl_faults_warn(pl_faults *f, const char *fmt, ...)
{
	if (f->n_warnings == PL_FAULTS_SHOWN) return PL_OK;
	va_list ap;
	va_start(ap, fmt);
	f->warning[f->n_warnings] = sentence(fmt, ap);
	va_end(ap);
	if (f->warning[f->n_warnings] == NULL) return PL_ENOMEM;
	f->n_warnings++;
	return PL_OK;
}

void pl_faults_clear(pl_faults *f)
{
	for (int i = 0; i < PL_FAULTS_SHOWN; i++) {
		pl_free(f->text[i]);
		pl_free(f->warning[i]);
	}
	*f = (pl_faults){0};
}
