// Measures the entrants in turns, over several rounds, so that changes on the machine affect all of them. Scores disturbed by
// other load do not count, and are measured again.
import type { Answer } from "../generator/tasks.ts";
import { medianOf } from "../quantiles.ts";
import type { Entrant, EntrantName } from "./entrants.ts";

/** One measured value. */
export type Score = {
  readonly measure: string;
  readonly value: number;
  /** The answer it was computed from. */
  readonly answer: Answer;
};

export type Sample = Score & { readonly entrant: EntrantName; readonly disturbed: boolean };

/** Processor time of others, as a share of what was measured, from which a score does not count. */
const DISTURBED = 0.1;
/** A process that uses its core for this share of the time can do no more. */
const FULL = 0.95;

export class Contest {
  readonly entrants: readonly Entrant[];
  readonly samples: Sample[] = [];
  /** Left out of later turns, which are harder. */
  readonly #gaveUp = new Set<EntrantName>();

  constructor(entrants: readonly Entrant[]) {
    this.entrants = entrants;
  }

  /** Plays until each entrant has so many scores that count, has had twice as many turns, or has given up. */
  async play(rounds: number, turn: (entrant: Entrant) => Promise<readonly Score[]>): Promise<void> {
    const clean = new Map<EntrantName, number>();
    for (let round = 0; round < 2 * rounds; round++) {
      for (const entrant of this.entrants) {
        if (this.#gaveUp.has(entrant.name) || (clean.get(entrant.name) ?? 0) >= rounds) continue;
        const scores = await turn(entrant).catch((error: unknown) => String(error));
        if (typeof scores === "string") {
          // An entrant that loses clients under the load has no score. The others continue.
          console.log(`${entrant.label} gives up: ${scores}`);
          this.#gaveUp.add(entrant.name);
          continue;
        }
        const samples = scores.map((score) => ({
          ...score,
          entrant: entrant.name,
          disturbed: score.answer.otherSeconds > DISTURBED * score.answer.seconds,
        }));
        this.samples.push(...samples);
        if (samples.every(({ disturbed }) => !disturbed)) {
          clean.set(entrant.name, (clean.get(entrant.name) ?? 0) + 1);
        }
      }
    }
  }

  /** The median of what counts; of everything where nothing does. NaN where nothing was measured. */
  median(entrant: EntrantName, measure: string): number {
    return medianOf(this.#counting(entrant, measure).map(({ value }) => value));
  }

  /** The median of this entrant's scores in units of the other's. */
  ratio(entrant: EntrantName, other: EntrantName, measure: string): number {
    return this.median(entrant, measure) / this.median(other, measure);
  }

  measures(): string[] {
    return [...new Set(this.samples.map(({ measure }) => measure))];
  }

  /** Whether none of the scores counts, because of other load. */
  isDisturbed(entrant: EntrantName, measure: string): boolean {
    return this.#counting(entrant, measure).some(({ disturbed }) => disturbed);
  }

  /** Whether it was mostly the load generator that could do no more. */
  isLimited(entrant: EntrantName, measure: string): boolean {
    const counting = this.#counting(entrant, measure);
    const limited = counting.filter(
      ({ answer: { seconds, generatorSeconds, serverSeconds } }) =>
        generatorSeconds >= FULL * seconds && serverSeconds < FULL * seconds,
    );
    return 2 * limited.length > counting.length;
  }

  #counting(entrant: EntrantName, measure: string): Sample[] {
    const all = this.samples.filter((sample) => sample.entrant === entrant && sample.measure === measure);
    const clean = all.filter(({ disturbed }) => !disturbed);
    return clean.length > 0 ? clean : all;
  }
}
