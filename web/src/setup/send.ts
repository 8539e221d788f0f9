// SPDX-License-Identifier: AGPL-3.0-or-later
// What was said yes to, done through the interface for programs: stage after stage, many
// operations a request, each with a key, so that what is sent twice is done once.
import { Problem, sendLines } from '../lib/ask';
import type { Deed, Item, Numbers } from './judge';

/** What became of an item: events of the record, or the sentence with which it was refused. */
export interface Outcome {
  heights: number[];
  refused: string;
}

interface Task {
  item: Item;
  deed: Deed;
  once: string;
}
interface Answer {
  line: number;
  height?: number;
  answer?: Record<string, unknown>;
  detail?: string;
  code?: string;
  retry_after?: number;
}

const AT_ONCE = 250; // lines
const MOST_CHARACTERS = 300000; // of a request; the server takes 1 MiB
const AGAIN = 1; // seconds, where the server does not say

const wait = (seconds: number) => new Promise((good) => { setTimeout(good, seconds * 1000); });

/** Tasks of one request as text. */
function packed(tasks: Task[], numbers: Numbers): { body: string; sent: Task[] } {
  const sent: Task[] = [];
  let body = '';
  for (const task of tasks.slice(0, AT_ONCE)) {
    const line = `${JSON.stringify({ op: task.deed.op, fields: task.deed.fields(numbers), once: task.once })}\n`;
    if (sent.length > 0 && body.length + line.length > MOST_CHARACTERS) break;
    body += line;
    sent.push(task);
  }
  return { body, sent };
}

function note(task: Task, answer: Answer, numbers: Numbers, outcomes: Map<Item, Outcome>): void {
  const outcome = outcomes.get(task.item) ?? { heights: [], refused: '' };
  if (answer.height === undefined) outcome.refused ||= answer.detail ?? '';
  else {
    outcome.heights.push(answer.height);
    const { gives } = task.deed;
    if (gives !== undefined) numbers.set(gives.as, Number(answer.answer?.[gives.member]));
  }
  outcomes.set(task.item, outcome);
}

/** Send a stage until all of it is answered. */
async function stage(tasks: Task[], numbers: Numbers, outcomes: Map<Item, Outcome>, tell: () => void): Promise<void> {
  for (let left = tasks; left.length > 0;) {
    const { body, sent } = packed(left, numbers);
    let later = 0;
    let done = 0;
    try {
      for (const line of await sendLines(body)) {
        const answer = JSON.parse(line) as Answer;
        const task = sent[answer.line - 1];
        if (answer.code === 'too_many' || task === undefined) {
          later = answer.retry_after ?? AGAIN;
          break;
        }
        if (answer.code === 'storage' || answer.code === 'busy') throw new Problem('other', answer.detail ?? '');
        note(task, answer, numbers, outcomes);
        done += 1;
      }
    } catch (fault) {
      if (!(fault instanceof Problem) || fault.trouble !== 'too_many') throw fault;
      later = AGAIN;
    }
    tell();
    left = left.slice(done);
    if (left.length > 0 && done < sent.length) await wait(later || AGAIN);
  }
}

/** Do all that the items come to. An item of which something was refused is not gone on with;
 *  what hangs on it is refused in its turn. Throws a Problem where the server is away: the same
 *  call, made again, goes on.
 *  @param key the same for the same items */
export async function sendAll(items: readonly Item[], key: string, tell: (outcomes: Map<Item, Outcome>) => void): Promise<void> {
  const numbers: Numbers = new Map();
  const outcomes = new Map<Item, Outcome>();
  const tasks = items.flatMap((item) => item.deeds.map((deed): Task => ({ item, deed, once: `${key}-${item.table}-${item.line}-${deed.op}` })));
  const stages = [...new Set(tasks.map((task) => task.deed.stage))].sort((a, b) => a - b);
  for (const one of stages) {
    const now = tasks.filter((task) => task.deed.stage === one && (outcomes.get(task.item)?.refused ?? '') === '');
    await stage(now, numbers, outcomes, () => { tell(new Map(outcomes)); });
  }
}
