// SPDX-License-Identifier: AGPL-3.0-or-later
// The record as tables are judged against it; looked at anew when it grows, not with every event.
import { state as known } from '../lib/record.svelte';
import { recordNow, type Known } from './judge';

const PAUSE = 300; // milliseconds

export function recordView(): { readonly value: Known | undefined } {
  let value = $state.raw<Known>();
  $effect(() => {
    void known.height;
    void known.offline; /* where it could not be had, it is asked for again */
    if (known.me === undefined || known.expired) return undefined;
    let late = false;
    const timer = setTimeout(() => {
      recordNow().then((now) => {
        if (!late) value = now;
      }, () => undefined);
    }, value === undefined ? 0 : PAUSE);
    return () => {
      late = true;
      clearTimeout(timer);
    };
  });
  return {
    get value() {
      return value;
    },
  };
}
