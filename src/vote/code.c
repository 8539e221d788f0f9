/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* code.c - codes of paper ballots, with a check letter.
 *
 * The letters count as numbers modulo 29, a prime. With the weights 9, 8 .. 1 their sum is 0: a
 * wrong letter moves it by weight * difference, two that changed places by the difference of
 * their weights times their own, and neither product of numbers below 29 is divisible by it.
 * The same idea as in ISBN-10, without its X. */
#include <plenum/vote.h>
#include <string.h>

enum { LETTERS = 29, LONG = 9, GROUP = 3 };
static const char letters[] = "23456789BCDFGHJKLMNPQRSTVWXYZ";

/// Sum of the first n letters by their weights, modulo 29.
static int sum_of(const int *letter, int n)
{
	int sum = 0;
	for (int i = 0; i < n; i++) sum += (LONG - i) * letter[i];
	return sum % LETTERS;
}

const char *pl_ballot_code(char out[PL_BALLOT_CODE_CHARS], int64_t number)
{
	int letter[LONG];
	for (int i = LONG - 2; i >= 0; i--) {
		letter[i] = (int)(number % LETTERS);
		number /= LETTERS;
	}
	letter[LONG - 1] = (LETTERS - sum_of(letter, LONG - 1)) % LETTERS;
	char *at = out;
	for (int i = 0; i < LONG; i++) {
		if (i > 0 && i % GROUP == 0) *at++ = '-';
		*at++ = letters[letter[i]];
	}
	*at = '\0';
	return out;
}

int64_t pl_ballot_code_read(const char *typed)
{
	int letter[LONG], n = 0;
	int64_t number = 0;
	for (; *typed != '\0'; typed++) {
		if (*typed == '-' || *typed == ' ') continue;
		const bool small = *typed >= 'a' && *typed <= 'z';
		const char *found = strchr(letters, small ? *typed - 'a' + 'A' : *typed);
		if (found == NULL || n == LONG) return -1;
		letter[n] = (int)(found - letters);
		if (n < LONG - 1) number = number * LETTERS + letter[n];
		n++;
	}
	return n == LONG && sum_of(letter, LONG) == 0 ? number : -1;
}
