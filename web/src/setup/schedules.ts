// SPDX-License-Identifier: AGPL-3.0-or-later
// The schedules of docs/economy-files.md: who may have them, which roles, which numbers.
export interface Schedule {
  councils: string;
  roles: string;
  numbers: readonly string[];
}

export const SCHEDULES: Record<string, Schedule> = {
  recipe: { councils: 'workers', roles: 'makes uses', numbers: ['capacity', 'effort', 'slope', 'response'] },
  cobb_douglas: { councils: 'workers', roles: 'makes uses', numbers: ['scale', 'effort_elasticity', 'effort_exponent', 'effort_weight'] },
  ces: { councils: 'workers', roles: 'makes uses', numbers: ['scale', 'returns', 'sigma'] },
  request: { councils: 'consumers community', roles: 'wants', numbers: [] },
  isoelastic: { councils: 'consumers', roles: 'wants', numbers: [] },
  budget_cd: { councils: 'consumers', roles: 'wants', numbers: [] },
  budget_ces: { councils: 'consumers', roles: 'wants', numbers: ['sigma'] },
  affected: { councils: 'community', roles: 'offers', numbers: ['damage_weight', 'damage_exponent'] },
};

/** What a council has that says nothing else. */
export const usual = (kind: string): string => (kind === 'workers' ? 'recipe' : 'request');
