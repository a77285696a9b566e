/** Data of an answer, whose shape each claim knows that reads it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each claim names what it reads of an answer
export type Told = Record<string, any>
