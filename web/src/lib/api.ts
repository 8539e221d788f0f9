// SPDX-License-Identifier: AGPL-3.0-or-later
// Made by tools/api.mjs from the server's description and src/app/tables.def; not to be edited.

/** Fields of every operation. */
export interface Operations {
  /** begin a record; the first person is its first administrator and facilitator */
  'record.begin': {
    /** what the record is called */
    title: string;
    /** public key that signs its events */
    key: string;
    /** name of the first person */
    name?: string;
  };
  /** add a person */
  'person.add': {
    /** what people call them */
    name?: string;
    /** how to reach them */
    contact?: string;
  };
  /** change one's own name or contact */
  'person.rename': {
    /** whose name (person) */
    person: number;
    /** the new name */
    name?: string;
    /** how to reach them */
    contact?: string;
  };
  /** erase a person's name, contact and notes; what they proposed and decided stays, without a name */
  'person.erase': {
    /** whose texts (person) */
    person: number;
  };
  /** ask that somebody be erased who cannot do it; another facilitator confirms it after a week, and the person can refuse */
  'erasure.ask': {
    /** whose texts (person) */
    person: number;
  };
  /** erase somebody as another facilitator asked, 7 to 60 days ago */
  'erasure.confirm': {
    /** whose texts (person) */
    person: number;
  };
  /** refuse to be erased, or take back that it was asked for */
  'erasure.refuse': {
    /** whose texts (person) */
    person: number;
  };
  /** add a community */
  'community.add': {
    /** its short name, unique */
    code: string;
    /** its name */
    name?: string;
    /** what it is part of; 0: nothing, which only the first one is (community) */
    parent?: number;
  };
  /** add a council */
  'council.add': {
    /** its short name, unique */
    code: string;
    /** its name */
    name?: string;
    /** what it is */
    kind: 'workers' | 'consumers' | 'community';
    /** where it is (community) */
    community?: number;
  };
  /** carry out a vote that suspends a council for a time: its proposals do not count, and it gets no deliveries */
  'council.suspend': {
    /** which council (council) */
    council: number;
    /** everybody's, which carried suspend-COUNCIL by two thirds, half of the roll voting (vote) */
    vote: number;
    /** when it ends, within a year (seconds) */
    until: number;
    /** what was agreed on, and how it was broken */
    reason: string;
  };
  /** carry out a vote that ends the suspension of a council before its time */
  'council.restore': {
    /** which council (council) */
    council: number;
    /** everybody's, which carried restore-COUNCIL since it was suspended (vote) */
    vote: number;
  };
  /** take a person into a council */
  'member.join': {
    /** which council (council) */
    council: number;
    /** who joins (person) */
    person: number;
  };
  /** leave a council; only the person can */
  'member.leave': {
    /** which council (council) */
    council: number;
    /** who leaves (person) */
    person: number;
  };
  /** give a person a task until a day: delegate of a council, facilitator, auditor, administrator */
  'mandate.give': {
    /** who (person) */
    person: number;
    /** of which council; 0 for the whole federation (council) */
    council?: number;
    /** the task */
    role: 'delegate' | 'facilitator' | 'auditor' | 'administrator';
    /** when it ends (seconds) */
    until: number;
  };
  /** recall somebody from a task */
  'mandate.recall': {
    /** who (person) */
    person: number;
    /** of which council (council) */
    council?: number;
    /** the task */
    role: 'delegate' | 'facilitator' | 'auditor' | 'administrator';
    /** a member's reason: the council's vote that carried recall-PERSON (vote) */
    vote?: number;
  };
  /** add a good, or change one that is there */
  'good.set': {
    /** its short name, unique */
    code: string;
    /** its name */
    name?: string;
    /** what it is */
    kind: 'product' | 'labour' | 'resource' | 'capital' | 'pollutant' | 'public' | 'free' | 'information';
    /** its unit */
    unit?: string;
    /** path such as food/vegetables */
    category?: string;
    /** smallest quantity people deal in (units) */
    step: string;
    /** what society holds of it (steps) */
    supply?: number;
    /** last year's price (credits per unit) */
    price: string;
    /** of demand (1) */
    elasticity?: string;
    /** the decision that prohibits it, and where to appeal; empty: it is allowed */
    banned?: string;
  };
  /** declare how a council answers to prices: its recipe, or what it wants */
  'schedule.set': {
    /** whose (council) */
    council: number;
    /** which kind of schedule */
    schedule: 'recipe' | 'cobb_douglas' | 'ces' | 'request' | 'isoelastic' | 'budget_cd' | 'budget_ces' | 'affected';
    /** consumers: income (millionths of a credit) */
    income?: number;
    /** its parameters */
    numbers?: {
      /** as councils.csv calls it */
      name: string;
      /** its value */
      value: string;
    }[];
    /** its lines */
    lines: {
      /** the good (good) */
      good: number;
      /** what of it */
      role: 'makes' | 'uses' | 'wants' | 'offers';
      /** as uses.csv has it (units) */
      amount: string;
      /** isoelastic: its own (1) */
      elasticity?: string;
    }[];
  };
  /** begin a season */
  'season.open': {
    /** its name, unique */
    name: string;
    /** what it plans, such as 2027 */
    period?: string;
    /** how prices move */
    rule: 'fitted' | 'lagged' | 'book' | 'paper' | 'power' | 'proportional' | 'elasticity' | 'anderson';
    /** imbalance that is small enough (1) */
    tolerance: string;
    /** the season whose policies hold where none are given below; 0: none (season) */
    after?: number;
    /** time zone of its days, such as Europe/Berlin */
    zone?: string;
    /** part that the vote on the plan needs, such as 2/3; empty: more than half */
    threshold?: string;
    /** part that must vote on the plan */
    quorum?: string;
    /** benefit over cost below which a workplace is asked to explain; empty: 1 (1) */
    ratio?: string;
    /** how the plan comes of the last round: the one that the declared schedules have, or the proposals, trimmed by this endgame so that everything fits; empty: declared */
    endgame?: 'declared' | 'pro-rata' | 'ratio' | 'disruption' | 'stocks' | 'gentle';
    /** on: from round 3 consumers', from round 4 workplaces' proposals move only so far from those of the round before; empty: off */
    limits?: 'off' | 'on';
  };
  /** set the dates that are to come; after the first round was opened it takes two facilitators who set the same */
  'calendar.set': {
    /** which season (season) */
    season: number;
    /** what happens when; none: by hand */
    dates?: {
      /** a round opens or closes; the vote on the plan opens, is counted; the plan is adopted; the season ends */
      what: 'open' | 'close' | 'vote' | 'count' | 'adopt' | 'end';
      /** when (seconds) */
      at: number;
    }[];
  };
  /** announce prices and ask for proposals */
  'round.open': {
    /** which season (season) */
    season: number;
  };
  /** propose what one's own council makes and uses, or wants; the last version counts */
  'proposal.file': {
    /** which season (season) */
    season: number;
    /** whose proposal (council) */
    council: number;
    /** 1 for the first in a round, then one more: two who write at once do not overwrite each other */
    version: number;
    /** what others should know */
    reason?: string;
    /** what and how much */
    lines: {
      /** the good (good) */
      good: number;
      /** what of it */
      role: 'makes' | 'uses' | 'wants' | 'offers';
      /** how much (steps) */
      quantity: number;
    }[];
  };
  /** end the round: sums, imbalances and the next prices by the season's rule are recorded */
  'round.close': {
    /** which season (season) */
    season: number;
  };
  /** object to a proposal, with a reason */
  'objection.file': {
    /** which season (season) */
    season: number;
    /** whose proposal (council) */
    council: number;
    /** why */
    reason?: string;
  };
  /** explain or revise what was objected to, or appeal against a ruling */
  'objection.answer': {
    /** which objection (objection) */
    objection: number;
    /** which season (season) */
    season: number;
    /** whose proposal it is about (council) */
    council: number;
    /** what is done */
    state: 'explained' | 'revised' | 'appealed';
    /** why */
    reason?: string;
  };
  /** have a ruling on one's own objection looked at again */
  'objection.appeal': {
    /** which objection (objection) */
    objection: number;
    /** which season (season) */
    season: number;
    /** why */
    reason?: string;
  };
  /** rule on an objection; not on one's own, nor to a proposal of one's own council */
  'objection.rule': {
    /** which objection (objection) */
    objection: number;
    /** which season (season) */
    season: number;
    /** the ruling */
    state: 'granted' | 'refused' | 'upheld' | 'overturned';
    /** 1, where it grants an objection to a proposal that was flagged: from the next round on the council is left out until it files another one */
    until_revised?: number;
    /** why */
    reason?: string;
  };
  /** adopt the plan of the last round, where the vote on it was carried */
  'plan.adopt': {
    /** which season (season) */
    season: number;
    /** the vote that carried it (vote) */
    vote: number;
  };
  /** record what was handed over */
  'delivery.record': {
    /** which season (season) */
    season: number;
    /** who gave (council) */
    giver: number;
    /** who got (council) */
    taker: number;
    /** what (good) */
    good: number;
    /** how much (steps) */
    quantity: number;
    /** when (seconds) */
    day: number;
    /** what others should know */
    note?: string;
  };
  /** end a season, or give it up where no plan comes of it */
  'season.close': {
    /** which season (season) */
    season: number;
  };
  /** offer another council part of a line of one's own council's plan; nothing changes until it accepts */
  'swap.offer': {
    /** which season (season) */
    season: number;
    /** whose line gets smaller (council) */
    giver: number;
    /** whose line gets larger (council) */
    taker: number;
    /** what the lines are about (good) */
    good: number;
    /** which lines */
    role: 'makes' | 'uses' | 'wants' | 'offers';
    /** how much (steps) */
    quantity: number;
    /** why */
    reason?: string;
  };
  /** accept or refuse what one's own council is offered, or withdraw what it offers */
  'swap.answer': {
    /** which swap (swap) */
    swap: number;
    /** which season (season) */
    season: number;
    /** who answers (council) */
    council: number;
    /** the answer */
    state: 'accepted' | 'refused' | 'withdrawn';
  };
  /** book people of one's own council for a task, from one moment to another; nobody is in two places at once */
  'work.book': {
    /** which season (season) */
    season: number;
    /** whose people work (council) */
    council: number;
    /** what is to be done */
    task: string;
    /** for whom; 0: for themselves (council) */
    serves?: number;
    /** which labour it is; 0: any (good) */
    good?: number;
    /** how many (people) */
    people: number;
    /** from when (seconds) */
    begins: number;
    /** until when (seconds) */
    ends: number;
    /** a booking of the council's that this one takes the place of; 0: none (booking) */
    instead?: number;
  };
  /** take a booking of one's own council back: its people are free again */
  'work.unbook': {
    /** whose people (council) */
    council: number;
    /** which booking (booking) */
    booking: number;
  };
  /** say something in the discussion of a council: its members, delegates, those of councils that deal in a good that it deals in, and who facilitates or audits may */
  'comment.write': {
    /** in whose discussion (council) */
    council: number;
    /** the season whose proposal it is about; 0: the council in general (season) */
    season?: number;
    /** the objection to its proposal that it is about; 0: none (objection) */
    objection?: number;
    /** what one says */
    text: string;
  };
  /** open a vote: the roll of who may vote is written down now */
  'vote.open': {
    /** whose members vote; 0: everybody (council) */
    council?: number;
    /** the season whose plan it is about; 0: none (season) */
    about?: number;
    /** what it is about */
    title: string;
    /** how one marks */
    ballots: 'approval' | 'score' | 'ranked' | 'motion';
    /** how it is counted, as plenum vote calls it */
    rule: string;
    /** how many win */
    seats: number;
    /** part that is needed, such as 2/3 */
    threshold?: string;
    /** part that must vote, such as 1/2 */
    quorum?: string;
    /** for budgets; 0: none (credits) */
    budget?: number;
    /** 1: no one can see who marked what */
    secret: number;
    /** when it may be closed before everybody has voted; 0: a day after it opens (seconds) */
    until?: number;
    /** what one can vote for */
    options: {
      /** short name, unique in the vote */
      code: string;
      /** its name */
      name?: string;
      /** what it costs (credits) */
      cost?: number;
    }[];
  };
  /** cast one's ballot, once; who is on the roll may */
  'vote.cast': {
    /** which vote (vote) */
    vote: number;
    /** option=value, split by spaces, such as 1=yes or 2=1 5=2 */
    marks: string;
  };
  /** close a vote at its time, or when everybody has voted: every ballot is published, and the count */
  'vote.close': {
    /** which vote (vote) */
    vote: number;
  };
}

/** Where each operation is done. */
export const ways: Record<keyof Operations, string> = {
  'record.begin': 'POST /record',
  'person.add': 'POST /people',
  'person.rename': 'PUT /people/{person}',
  'person.erase': 'DELETE /people/{person}',
  'erasure.ask': 'POST /people/{person}/erasure',
  'erasure.confirm': 'PUT /people/{person}/erasure',
  'erasure.refuse': 'DELETE /people/{person}/erasure',
  'community.add': 'POST /communities',
  'council.add': 'POST /councils',
  'council.suspend': 'POST /councils/{council}/suspension',
  'council.restore': 'POST /councils/{council}/restoration',
  'member.join': 'POST /councils/{council}/members',
  'member.leave': 'DELETE /councils/{council}/members/{person}',
  'mandate.give': 'POST /mandates',
  'mandate.recall': 'DELETE /mandates',
  'good.set': 'PUT /goods/{code}',
  'schedule.set': 'PUT /councils/{council}/schedule',
  'season.open': 'POST /seasons',
  'calendar.set': 'PUT /seasons/{season}/calendar',
  'round.open': 'POST /seasons/{season}/rounds',
  'proposal.file': 'POST /seasons/{season}/proposals',
  'round.close': 'POST /seasons/{season}/rounds/close',
  'objection.file': 'POST /seasons/{season}/objections',
  'objection.answer': 'POST /objections/{objection}',
  'objection.appeal': 'POST /objections/{objection}/appeal',
  'objection.rule': 'POST /objections/{objection}/ruling',
  'plan.adopt': 'POST /seasons/{season}/plan',
  'delivery.record': 'POST /seasons/{season}/deliveries',
  'season.close': 'POST /seasons/{season}/close',
  'swap.offer': 'POST /seasons/{season}/swaps',
  'swap.answer': 'POST /swaps/{swap}/answer',
  'work.book': 'POST /seasons/{season}/bookings',
  'work.unbook': 'DELETE /councils/{council}/bookings/{booking}',
  'comment.write': 'POST /councils/{council}/comments',
  'vote.open': 'POST /votes',
  'vote.cast': 'POST /votes/{vote}/ballots',
  'vote.close': 'POST /votes/{vote}/close',
};

/** Rows of the record's tables. */
export interface Rows {
  counter: {
    /** the table whose rows are numbered */
    name: string;
    /** the number of its last row; the next one gets one more */
    last: number;
  };
  person: {
    /** number of the person, given when they were added */
    id: number;
    /** what people call them; empty where they gave none or were erased */
    name: string;
    /** how to reach them; empty where they gave none or were erased */
    contact: string;
    /** when they were added to the record */
    joined: number;
    /** 1: their name, contact and notes were erased, and they can do nothing more */
    erased: number;
  };
  apart: {
    /** whose texts they are */
    person: number;
    /** height of the event that holds them */
    height: number;
  };
  erasure: {
    /** whose name, contact and notes */
    person: number;
    /** the facilitator who asks for it */
    asked_by: number;
    /** when it was asked for */
    since: number;
  };
  community: {
    /** number of the community */
    id: number;
    /** its short name in an economy's tables; no two have the same */
    code: string;
    /** what people read in place of the code; empty: the code */
    name: string;
    /** the wider community that it is part of; 0: none */
    parent: number;
  };
  council: {
    /** number of the council */
    id: number;
    /** its short name in an economy's tables; no two have the same */
    code: string;
    /** what people read in place of the code; empty: the code */
    name: string;
    /** whose council it is */
    kind: 'workers' | 'consumers' | 'community';
    /** where it is; 0: nowhere in particular */
    community: number;
    /** how it answers to prices, as docs/economy-files.md defines the word; empty until it has declared it, and then it is no part of an economy */
    schedule: 'recipe' | 'cobb_douglas' | 'ces' | 'request' | 'isoelastic' | 'budget_cd' | 'budget_ces' | 'affected' | '';
    /** what consumers may spend in the period; 0: none was given */
    income: number;
  };
  council_number: {
    /** whose schedule it belongs to */
    council: number;
    /** the parameter's name: a column of councils.csv */
    name: string;
    /** its value, a decimal as it was written */
    value: string;
  };
  membership: {
    /** the council that they are a member of */
    council: number;
    /** who the member is */
    person: number;
    /** when they joined */
    since: number;
  };
  mandate: {
    /** who has the task */
    person: number;
    /** the council that a delegate speaks for; 0: the task is the federation's */
    council: number;
    /** the task; docs/permissions.md says what each may do */
    role: 'delegate' | 'facilitator' | 'auditor' | 'administrator';
    /** when it was given, or given again */
    since: number;
    /** when it ends; from then on it allows nothing */
    until: number;
  };
  good: {
    /** number of the good */
    id: number;
    /** its short name in an economy's tables; no two have the same */
    code: string;
    /** what people read in place of the code; empty: the code */
    name: string;
    /** what sort of good it is */
    kind: 'product' | 'labour' | 'resource' | 'capital' | 'pollutant' | 'public' | 'free' | 'information';
    /** what it is counted in, such as kg or hour */
    unit: string;
    /** where it belongs, such as food/vegetables */
    category: string;
    /** the smallest quantity that people deal in, a decimal; the record counts the good in steps */
    step: string;
    /** what society holds of it in the period: hours, hectares, permits, stocks */
    supply: number;
    /** last year's price, a decimal; the first round of a season announces it */
    price: string;
    /** how far demand falls as the price rises, a decimal; empty: 1 */
    elasticity: string;
    /** the decision that prohibits it, and where to appeal; empty: it is allowed */
    banned: string;
  };
  line: {
    /** whose schedule it is */
    council: number;
    /** what the line is about */
    good: number;
    /** what the council does with the good */
    role: 'makes' | 'uses' | 'wants' | 'offers';
    /** how much, a decimal as it was written: units per activity, a share, a quantity */
    amount: string;
    /** of an isoelastic council's demand for this good; empty: the good's own */
    elasticity: string;
  };
  season: {
    /** number of the season */
    id: number;
    /** what people call it; no two have the same */
    name: string;
    /** the time that it plans, such as 2027 */
    period: string;
    /** what is done now: nothing is announced yet, councils propose, the round is looked at, the plan is carried out, all is over */
    phase: 'draft' | 'proposing' | 'review' | 'adopted' | 'closed';
    /** the round that was opened last; 0: none yet */
    round: number;
    /** how the next prices follow from proposals; plenum rounds --help tells of each */
    rule: 'fitted' | 'lagged' | 'book' | 'paper' | 'power' | 'proportional' | 'elasticity' | 'anderson';
    /** the imbalance at which a good counts as balanced, a decimal between 0 and 1 */
    tolerance: string;
    /** fingerprint of the plan that the last closed round's economy has, and, once one is adopted, of that plan; empty before */
    digest: string;
    /** time zone of its days, such as Europe/Berlin; empty: UTC */
    zone: string;
    /** part that the vote on the plan needs, such as 2/3; empty: more than half */
    threshold: string;
    /** part of the roll that must vote on the plan; empty: any */
    quorum: string;
    /** benefit over cost below which a workplace's proposal is flagged, a decimal; empty: 1 */
    ratio: string;
    /** the season before it: who does not propose in the first round is taken at what that one brought; 0: none */
    after: number;
    /** how the plan of a round comes about: from the declared schedules, or from the proposals, trimmed so that everything fits; empty: declared */
    endgame: 'declared' | 'pro-rata' | 'ratio' | 'disruption' | 'stocks' | 'gentle' | '';
    /** on: from round 3 consumers', from round 4 workplaces' proposals move only so far from those of the round before; empty: off */
    limits: 'off' | 'on' | '';
  };
  calendar: {
    /** whose date it is */
    season: number;
    /** place of the date in the season */
    number: number;
    /** a round opens or closes; the vote on the plan opens, is counted; the plan is adopted; the season ends */
    what: 'open' | 'close' | 'vote' | 'count' | 'adopt' | 'end';
    /** when it is to be done */
    time: number;
    /** 1: it was done */
    done: number;
  };
  calendar_wanted: {
    /** whose calendar it is */
    season: number;
    /** the facilitator who wants it */
    person: number;
    /** fingerprint of the dates, which stand in the event */
    dates: string;
  };
  price: {
    /** the season in whose rounds it was announced */
    season: number;
    /** the round with which it was announced */
    round: number;
    /** the good that it is the price of */
    good: number;
    /** its price, a decimal of as many digits as the number has */
    price: string;
  };
  balance: {
    /** the season whose round it is */
    season: number;
    /** the round */
    round: number;
    /** the good */
    good: number;
    /** what is made and offered, with what society holds, a decimal */
    supply: string;
    /** what is used and wanted, a decimal */
    demand: string;
    /** their difference over their mean, a decimal; 0 where more is left of what is as good as free */
    imbalance: string;
  };
  move: {
    /** the season whose round it is */
    season: number;
    /** the round that closed */
    round: number;
    /** the good whose price moved */
    good: number;
    /** 1: it is worth so little now that it counts as free */
    at_floor: number;
    /** what movers' proposals are compared with: what the rule expected, or the round before */
    against: 'expected' | 'round_before';
    /** part of the move for what was off before anybody surprised, a decimal */
    known: string;
    /** part through other goods, and by what the rule remembers, a decimal */
    others: string;
    /** part of the councils that are no rows of mover, a decimal */
    rest: string;
  };
  mover: {
    /** the season whose round it is */
    season: number;
    /** the round that closed */
    round: number;
    /** the good whose price moved */
    good: number;
    /** who proposed */
    council: number;
    /** how much more it asked for, or less it supplied, than that, a decimal */
    surprise: string;
    /** its part of the move, a natural logarithm, a decimal */
    part: string;
  };
  expected: {
    /** the season whose round it is */
    season: number;
    /** the round that it is expected in */
    round: number;
    /** of whom it is expected */
    council: number;
    /** the good */
    good: number;
    /** what the council does with the good */
    role: 'makes' | 'uses' | 'wants' | 'offers';
    /** how much; nobody is bound by it */
    quantity: number;
  };
  proposal: {
    /** the season that it was made in */
    season: number;
    /** the round that it was made in */
    round: number;
    /** whose proposal it is */
    council: number;
    /** 1 for the first of the council in this round, then one more each time */
    version: number;
    /** the delegate who filed it */
    author: number;
    /** when it was filed */
    filed: number;
    /** what checking its arithmetic found: nothing, or what its flags say */
    state: 'passed' | 'flagged';
    /** what the author wanted others to know; empty where nothing was said or it was erased */
    reason: string;
    /** ratio: a workplace's benefit is below the season's ratio of its cost; hours: it wants more of some labour than there is; empty: neither */
    flags: string;
  };
  proposal_line: {
    /** season of the proposal */
    season: number;
    /** round of the proposal */
    round: number;
    /** whose proposal it is */
    council: number;
    /** of which version of it */
    version: number;
    /** what the line is about */
    good: number;
    /** what the council would do with the good */
    role: 'makes' | 'uses' | 'wants' | 'offers';
    /** how much, in the good's steps */
    quantity: number;
  };
  taken: {
    /** the season of the round */
    season: number;
    /** the round that they did not propose in */
    round: number;
    /** who did not propose */
    council: number;
    /** what the line is about */
    good: number;
    /** what the council is taken to do with the good */
    role: 'makes' | 'uses' | 'wants' | 'offers';
    /** how much: its last proposal, in the first round last year's deliveries or plan, scaled down to the means; a decimal */
    quantity: string;
  };
  fairness: {
    /** the season of the round */
    season: number;
    /** the round whose plan it is about */
    round: number;
    /** whose proposal it is about */
    council: number;
    /** its proposal's worth at the announced prices: what a workplace makes, what others want; a decimal */
    proposed: string;
    /** the part of it that the plan keeps, a decimal between 0 and 1 */
    kept: string;
  };
  objection: {
    /** number of the objection */
    id: number;
    /** season of the proposal that it is about */
    season: number;
    /** the round whose proposal it is about */
    round: number;
    /** whose proposal is objected to */
    council: number;
    /** who objects */
    author: number;
    /** what was done about it last: the council explained or revised, an auditor granted or refused, the council appealed, an auditor upheld or overturned */
    state: 'filed' | 'explained' | 'revised' | 'granted' | 'refused' | 'appealed' | 'upheld' | 'overturned';
    /** why, in the words of who objects; empty where nothing was said or it was erased */
    reason: string;
    /** 1: a ruling leaves the proposal out until the council files another one */
    stands: number;
  };
  vote: {
    /** number of the vote */
    id: number;
    /** whose members vote; 0: everybody */
    council: number;
    /** the season whose plan it is on; 0: it is about something else */
    season: number;
    /** the round whose plan it is on; 0: none */
    round: number;
    /** what it is about */
    title: string;
    /** how one marks: what one approves of, points, ranks from 1, or yes and no */
    ballots: 'approval' | 'score' | 'ranked' | 'motion';
    /** how it is counted, a name from docs/votes.md */
    rule: string;
    /** how many can win, where the rule fills seats */
    seats: number;
    /** the part that is enough, such as 2/3; empty: as the rule has it */
    threshold: string;
    /** the part of the roll that must vote, such as 1/2; empty: any */
    quorum: string;
    /** what the options that win may cost together; 0: the vote is on no budget */
    budget: number;
    /** 1: it was opened as a secret vote, which needs 5 people on its roll */
    secret: number;
    /** whether ballots can still be cast; all of them are published when it closes */
    state: 'open' | 'closed';
    /** when it was opened and its roll written down */
    opened: number;
    /** when it may be closed though not everybody has voted */
    until: number;
  };
  vote_option: {
    /** the vote that it is an option of */
    vote: number;
    /** number of the option within the vote, from 1, as marks name it */
    number: number;
    /** its short name, unique in the vote; recall-PERSON in a vote that recalls a delegate */
    code: string;
    /** what people read in place of the code; empty: the code */
    name: string;
    /** what it takes of the budget */
    cost: number;
    /** its place in the count, from 1, equal where tied; 0: not placed, or not counted yet */
    place: number;
    /** 1: it won, or the motion was carried; 0 as long as the vote is open */
    won: number;
  };
  elector: {
    /** the vote whose roll it is */
    vote: number;
    /** who may vote in it */
    person: number;
    /** 1: this person has cast a ballot; which one is written nowhere */
    voted: number;
  };
  ballot: {
    /** the vote that it was cast in */
    vote: number;
    /** drawn by chance and told to the voter alone, who can find the ballot by it */
    receipt: string;
    /** what it says: 1=yes 2=no in a motion; points, ranks from 1, or 1 for approved elsewhere */
    marks?: string;
  };
  plan_line: {
    /** the season whose plan it is of */
    season: number;
    /** whose part of the plan it is */
    council: number;
    /** what the line is about */
    good: number;
    /** what the council does with the good */
    role: 'makes' | 'uses' | 'wants' | 'offers';
    /** how much in the period, in the good's steps */
    quantity: number;
  };
  delivery: {
    /** number of the delivery */
    id: number;
    /** the season whose plan it carries out */
    season: number;
    /** who gave */
    giver: number;
    /** who got */
    taker: number;
    /** what was handed over */
    good: number;
    /** how much of it, in the good's steps */
    quantity: number;
    /** when it was handed over, as the giver says */
    day: number;
    /** the delegate who recorded it */
    author: number;
    /** what the author wanted others to know; empty where nothing was said or it was erased */
    note: string;
  };
  suspension: {
    /** the vote that carried it */
    vote: number;
    /** who is suspended */
    council: number;
    /** when it began */
    since: number;
    /** when it ends, or was ended by another vote */
    until: number;
    /** who carried the vote out */
    author: number;
    /** what was agreed on, and how it was broken; empty where it was erased */
    reason: string;
  };
  absent: {
    /** the season of the round */
    season: number;
    /** the round */
    round: number;
    /** who is left out */
    council: number;
  };
  swap: {
    /** number of the swap */
    id: number;
    /** the season whose plan it is of */
    season: number;
    /** whose line gets smaller */
    giver: number;
    /** whose line gets larger */
    taker: number;
    /** what both lines are about */
    good: number;
    /** what both councils do with the good */
    role: 'makes' | 'uses' | 'wants' | 'offers';
    /** how much of it, in the good's steps */
    quantity: number;
    /** what became of it; only what was accepted changes lines */
    state: 'offered' | 'accepted' | 'refused' | 'withdrawn';
    /** the delegate who offered it */
    author: number;
    /** the delegate who accepted, refused or withdrew it; 0: nobody yet */
    answered: number;
    /** why, in the words of who offered it; empty where nothing was said or it was erased */
    reason: string;
  };
  booking: {
    /** whose people work */
    council: number;
    /** from when */
    begins: number;
    /** number of the booking, in the whole record */
    id: number;
    /** until when; at this moment they are free again */
    ends: number;
    /** how many of them */
    people: number;
    /** the season that it is work of */
    season: number;
    /** the council that it is done for; 0: for themselves */
    serves: number;
    /** which labour it is; 0: any */
    good: number;
    /** the delegate who booked them */
    author: number;
    /** what is to be done; empty where it was erased */
    task: string;
  };
  comment: {
    /** in whose discussion */
    council: number;
    /** number of the comment, in the whole record */
    id: number;
    /** the season whose proposal it is about; 0: the council in general */
    season: number;
    /** the round that the season was in; 0: none */
    round: number;
    /** the objection that it is about; 0: none */
    objection: number;
    /** who said it */
    author: number;
    /** when it was said */
    written: number;
    /** what was said; empty where it was erased */
    text: string;
  };
}
