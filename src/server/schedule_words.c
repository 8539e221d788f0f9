/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/schedule_words.h"

#include <stddef.h>
#include <string.h>

const pl_schedule_words pl_schedule_kinds[] = {
        {.word = "recipe",
         .counted = true,
         .councils = "workers",
         .said = "A recipe",
         .means = "Each time it works once, it makes and uses the same amounts: twice the "
                  "work, twice of everything.",
         .amount = "For each time it works once",
         .roles = "makes uses",
         .number = {{"capacity", "How often it can work in a period", "no limit"},
                    {"effort", "What working once costs in effort, in credits", "0"},
                    {"slope", "How many credits more it costs at the limit", "0"},
                    {"response", "How that grows towards the limit: 1 evenly, more: late",
                     "1"}}},
        {.word = "cobb_douglas",
         .councils = "workers",
         .said = "Inputs that stand in for one another",
         .means = "It makes one good. More of one input makes up for less of another, and each "
                  "further one helps less.",
         .amount = "Makes: 1. Uses: how strongly it counts, all together below 1",
         .roles = "makes uses",
         .number = {{"scale", "Output where one of each input is used", "1"},
                    {"effort_elasticity", "How strongly effort counts", "0"},
                    {"effort_exponent", "How steeply the cost of effort grows", "2"},
                    {"effort_weight", "What effort costs, in credits", "1"}}},
        {.word = "ces",
         .councils = "workers",
         .said = "Inputs that replace one another, easily or hardly",
         .means =
                 "It makes one good. How easily one input replaces another is a number: near 0 "
                 "they are needed together, above 1 they replace one another readily.",
         .amount = "Makes: 1. Uses: its weight among the inputs",
         .roles = "makes uses",
         .number = {{"scale", "Output where one of each input is used", "1"},
                    {"returns", "How much of twice the inputs comes out: below 1, such as 0.9",
                     NULL},
                    {"sigma", "How easily inputs replace one another, such as 0.5", NULL}}},
        {.word = "request",
         .counted = true,
         .councils = "consumers community",
         .said = "Fixed wishes",
         .means = "It wants these amounts, whatever they cost.",
         .amount = "How much it wants, in the good's unit",
         .roles = "wants"},
        {.word = "isoelastic",
         .counted = true,
         .councils = "consumers",
         .said = "Wishes that give way to prices",
         .means = "It wants these amounts at last year's prices; of what becomes dearer it "
                  "wants less, of what becomes cheaper more.",
         .amount = "How much it wants at last year's prices",
         .roles = "wants",
         .by_line = true},
        {.word = "budget_cd",
         .councils = "consumers",
         .said = "A budget in fixed parts",
         .means = "It spends the same part of its means on each good, whatever the prices are.",
         .amount = "Its part of the means; only how they compare counts",
         .roles = "wants"},
        {.word = "budget_ces",
         .councils = "consumers",
         .said = "A budget that turns to what is cheaper",
         .means = "It spends its means, and turns from what becomes dearer to what becomes "
                  "cheaper: how readily is a number.",
         .amount = "Its part of the means; only how they compare counts",
         .roles = "wants",
         .number = {{"sigma", "How readily: below 1 little, above 1 readily", NULL}}},
        {.word = "affected",
         .councils = "community",
         .said = "People whom a pollutant harms",
         .means = "It permits as much of a pollutant as its price makes up for; the harm grows "
                  "faster than the pollution.",
         .amount = "1",
         .roles = "offers",
         .number = {{"damage_weight", "What one unit of pollution harms, in credits", NULL},
                    {"damage_exponent", "How steeply the harm grows: above 1, such as 2",
                     NULL}}},
        {.word = NULL}};

const pl_schedule_words *pl_schedule_words_of(const char *word)
{
	const pl_schedule_words *s = pl_schedule_kinds;
	while (s->word != NULL && strcmp(s->word, word) != 0) s++;
	return s->word == NULL ? NULL : s;
}
