/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_help.c - how a season goes, and what the words of the pages mean. */
#include "server/page.h"

static const char course[] =
        "<p>People plan here what they will make and use in a period, such as a year: "
        "together, "
        "in rounds.</p>\n"
        "<h2>How a season goes</h2>\n<ol>\n"
        "<li><b>A round opens.</b> It announces a price for every good.\n"
        "<li><b>Councils propose.</b> A neighbourhood says what it wants, within its means. A "
        "workplace says what it makes, and what it uses for that. Each decides for itself; its "
        "delegate files what it has decided.\n"
        "<li><b>The round closes.</b> All proposals are added up. What is wanted more than "
        "there "
        "is becomes dearer, what there is too much of becomes cheaper, by a rule that is the "
        "same "
        "for everybody.\n"
        "<li><b>Everybody looks.</b> Anybody may object to a proposal; the council explains or "
        "revises it, an auditor rules, and one may appeal.\n"
        "<li><b>More rounds</b> bring amounts nearer to balance.\n"
        "<li><b>Everybody votes</b> on the plan. If the vote carries it, it is adopted.\n"
        "<li><b>The plan is carried out.</b> What is handed over is recorded beside what was "
        "planned.\n</ol>\n"
        "<p>What happens when stands in the season's calendar. What needs you stands on your "
        "first page.</p>\n";

static const struct {
	const char *word, *means;
} words[] = {
        {"administrator", "adds people and councils, and invites people"},
        {"appeal", "to have a ruling looked at again"},
        {"auditor", "rules on objections, never on those to a proposal of the own council"},
        {"balance", "as much of a good is made as is wanted, but for a small part"},
        {"benefit and cost",
         "what a workplace makes, and what it uses, at the announced prices. "
         "Where the benefit is low for the cost it is asked to explain"},
        {"council", "people who plan together: a workplace, a neighbourhood, a community"},
        {"credit", "what prices are counted in. It is for planning, and no money"},
        {"delegate", "files what a council has decided, for a time. The council can recall a "
                     "delegate by a vote"},
        {"facilitator", "opens and closes rounds where no date is set, and sets dates together "
                        "with a second one. Has no say in prices or proposals"},
        {"good", "anything that is made, used, wanted or limited: bread, hours of work, land, "
                 "smoke"},
        {"head",
         "the fingerprint of the last event. Whoever keeps it can see later that nothing "
         "before it was changed"},
        {"means", "what a neighbourhood may spend in a period, in credits"},
        {"receipt", "what you get for your vote: with it you find your ballot when the vote is "
                    "closed"},
        {"record", "everything that was done, event by event. Nothing in it can be changed "
                   "without being seen"},
        {"roll", "who may vote, written down when a vote opens"},
        {"step", "the smallest quantity of a good that people deal in"},
};

void pl_visit_help_page(pl_visit *v)
{
	pl_page *p = pl_page_new(v);
	if (p == NULL) return;
	pl_page_begin(p, "Help");
	pl_markup_raw(&p->m, course);
	pl_markup_raw(&p->m, "<h2>Words</h2>\n<dl>\n");
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		pl_markup_put(&p->m, "<dt>%s</dt>\n<dd>%s.</dd>\n", words[i].word,
		              words[i].means);
	pl_markup_raw(&p->m, "</dl>\n");
	pl_page_finish(p, 200);
}
