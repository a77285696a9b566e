/**
 * A parameter, `$1::text[]`, whose value the planner does not look at. It finds a plan for the length of an array cheaper than one for any,
 * though they are the same, and so would plan the statement anew each time: that costs more than most of them.
 */
export function unplanned(parameter: `$${number}::${string}`): string {
  const type = parameter.slice(parameter.indexOf('::'))
  return `(select ${parameter})${type}`
}
