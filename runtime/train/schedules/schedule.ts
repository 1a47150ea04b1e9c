/** What the learning rate is multiplied by, as a function of the step (from 0) and how many steps there are. */
export type Schedule = (step: number, steps: number) => number;
