/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/words.h"

#include <stddef.h>
#include <string.h>

const pl_words pl_words_phases[] = {{"draft", "not begun"},
                                    {"proposing", "councils propose"},
                                    {"review", "the round is looked at"},
                                    {"adopted", "the plan is carried out"},
                                    {"closed", "over"},
                                    {NULL, NULL}};

const pl_words pl_words_dates[] = {{"open", "a round opens"},
                                   {"close", "the round closes"},
                                   {"vote", "the vote on the plan opens"},
                                   {"count", "the vote is counted"},
                                   {"adopt", "the plan is adopted, if the vote carried it"},
                                   {"end", "the season ends"},
                                   {NULL, NULL}};

const pl_words pl_words_tasks[] = {{"delegate", "a delegate"},
                                   {"facilitator", "a facilitator"},
                                   {"auditor", "an auditor"},
                                   {"administrator", "an administrator"},
                                   {NULL, NULL}};

const pl_words pl_words_councils[] = {{"workers", "a workplace"},
                                      {"consumers", "a group of people who consume together"},
                                      {"community", "a community"},
                                      {NULL, NULL}};

const pl_words pl_words_goods[] = {{"product", "a product: workplaces make it"},
                                   {"labour", "work, in hours"},
                                   {"resource", "a resource: nature or a stock limits it"},
                                   {"capital", "equipment: buildings, machines, by use"},
                                   {"pollutant", "a pollutant: using it takes permits"},
                                   {"public", "a public good: a community asks for it"},
                                   {"free", "free: it is counted and costs nothing"},
                                   {"information", "information: it is needed once"},
                                   {NULL, NULL}};

const pl_words pl_words_rules[] = {
        {"majority", "It is carried when more of those who vote say yes than no"},
        {"supermajority", "It is carried when a large part of those who vote say yes"},
        {"consensus", "It is carried when nobody says no or blocks it"},
        {"approval", "What most people approve of wins"},
        {"score", "What gets the most points wins"},
        {"schulze", "What beats every other option, two by two, wins"},
        {"stv", "Several win, each by an equal share of the votes"},
        {"equal-shares",
         "Everybody has an equal share of the budget, and pays with it for what "
         "they marked"},
        {NULL, NULL}};

const pl_words pl_words_objections[] = {{"filed", "the council has not answered yet"},
                                        {"explained", "the council has explained"},
                                        {"revised", "the council has revised its proposal"},
                                        {"granted", "an auditor granted it"},
                                        {"refused", "an auditor refused it"},
                                        {"appealed", "somebody appealed against the ruling"},
                                        {"upheld", "an auditor upheld the ruling"},
                                        {"overturned", "an auditor overturned the ruling"},
                                        {NULL, NULL}};

const pl_words pl_words_ballots[] = {
        {"motion", "Say yes, no or abstain."},
        {"approval", "Mark every option that you approve of."},
        {"score", "Give points to each option: more for what you like more. What you leave "
                  "empty gets none."},
        {"ranked", "Rank the options: 1 for the one you like best, then 2, and so on. You may "
                   "leave some empty."},
        {NULL, NULL}};

/* "The plan of a round comes ..."; "" is what a season has that says nothing. */
const pl_words pl_words_endgames[] = {
        {"declared", "from what councils have declared: at its prices nobody could do better, "
                     "and a proof of that comes with it"},
        {"pro-rata", "from the proposals, and everybody who asks for a short good, or for what "
                     "is made of it, gets the same part"},
        {"ratio", "from the proposals, and of those who make the same good whoever has the "
                  "least benefit for its cost is cut first"},
        {"disruption", "from the proposals, and as little as can be is cut of what consumers "
                       "ask for, by worth"},
        {"gentle", "from the proposals, and as little as can be is cut, but no good to next "
                   "to nothing"},
        {"stocks", "from the proposals, and shortages are met from what society holds, then "
                   "everybody gets the same part"},
        {"", "from what councils have declared: at its prices nobody could do better, and a "
             "proof of that comes with it"},
        {NULL, NULL}};

const pl_words pl_words_limits[] = {
        {"off", "Proposals move from one round to the next as far as councils want"},
        {"on", "From round 3 on proposals of consumers, from round 4 on those of workplaces "
               "move only so far from the last one: what the good was off, half of a "
               "council's part of it towards balance, a quarter away from it"},
        {"", "Proposals move from one round to the next as far as councils want"},
        {NULL, NULL}};

const char *pl_words_of(const pl_words *list, const char *word)
{
	while (list->word != NULL && strcmp(list->word, word) != 0) list++;
	return list->word == NULL ? word : list->said;
}
