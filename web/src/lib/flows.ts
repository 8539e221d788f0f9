// SPDX-License-Identifier: AGPL-3.0-or-later
// A plan as flows: who makes or offers a good, the good, who uses or wants it; in credits, so
// that flows of different goods can be compared. Small flows are put together, so that a
// picture holds at most so many.
import { sankey, type SankeyGraph, type SankeyLink, type SankeyNode } from 'd3-sankey';
import { gives, type Role } from './proposal';

export interface Line {
  council: number;
  good: number;
  role: Role;
  worth: number; ///< credits
}
export interface Place {
  id: string; ///< "from.3", "good.5", "to.3"; ".0" where many are put together
  kind: 'from' | 'good' | 'to';
  number: number;
}
export interface Flow {
  source: string;
  target: string;
  value: number;
}
export type Picture = SankeyGraph<Place, Flow>;
export type PlacedNode = SankeyNode<Place, Flow>;
export type PlacedLink = SankeyLink<Place, Flow>;

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);

/** The numbers with the largest sums; all others become 0. */
function largest(lines: readonly Line[], of: (line: Line) => number, most: number): Set<number> {
  const sums = new Map<number, number>();
  for (const line of lines) sums.set(of(line), (sums.get(of(line)) ?? 0) + line.worth);
  return new Set([...sums].sort((a, b) => b[1] - a[1]).slice(0, most).map(([number]) => number));
}

function collect(lines: readonly Line[], goods: Set<number>, from: Set<number>, to: Set<number>): Map<string, Flow> {
  const flows = new Map<string, Flow>();
  for (const line of lines) {
    if (!(line.worth > 0)) continue;
    const out = gives(line.role);
    const good = `good.${goods.has(line.good) ? line.good : 0}`;
    const council = out ? `from.${from.has(line.council) ? line.council : 0}` : `to.${to.has(line.council) ? line.council : 0}`;
    const [source, target] = out ? [council, good] : [good, council];
    const flow = flows.get(`${source} ${target}`);
    if (flow === undefined) flows.set(`${source} ${target}`, { source, target, value: line.worth });
    else flow.value += line.worth;
  }
  return flows;
}

/** Flows, at most so many: fewer and fewer goods and councils stand alone until they fit. */
export function flowsOf(lines: readonly Line[], most: number): Flow[] {
  for (let alone = 24; alone > 0; alone -= 1) {
    const goods = largest(lines, (line) => line.good, alone);
    const from = largest(lines.filter((line) => gives(line.role)), (line) => line.council, alone);
    const to = largest(lines.filter((line) => !gives(line.role)), (line) => line.council, alone);
    const flows = collect(lines, goods, from, to);
    if (flows.size <= most || alone === 1) return [...flows.values()].sort((a, b) => b.value - a.value);
  }
  return [];
}

/** Where everything lies. */
export function place(flows: readonly Flow[], wide: number, high: number): Picture {
  const ids = [...new Set(flows.flatMap((flow) => [flow.source, flow.target]))];
  const nodes = ids.map((id): Place => {
    const [kind = 'good', number = '0'] = id.split('.');
    return { id, kind: kind as Place['kind'], number: Number(number) };
  });
  const least = sum(flows.map((flow) => flow.value)) === 0;
  if (least) return { nodes: [], links: [] };
  return sankey<Place, Flow>().nodeId((node) => node.id).nodeWidth(10).nodePadding(14)
    .nodeAlign((node) => ({ from: 0, good: 1, to: 2 })[node.kind])
    .extent([[0, 10], [wide, high - 10]])({ nodes, links: flows.map((flow) => ({ ...flow })) });
}

/** The band of a flow, as a path. */
export function band(link: PlacedLink): string {
  const from = link.source as PlacedNode;
  const to = link.target as PlacedNode;
  const [x0, x1] = [from.x1 ?? 0, to.x0 ?? 0];
  const middle = (x0 + x1) / 2;
  return `M${x0},${link.y0}C${middle},${link.y0} ${middle},${link.y1} ${x1},${link.y1}`;
}
