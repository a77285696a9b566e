/**
 * A parameter, `$1::text[]`, whose value the planner does not see. If it saw how long an array is, it would find a plan for this length
 * cheaper than one for any, though they are the same, and would plan the statement anew each time: 200 us where running it takes 50.
 */
export function genericPlanParameter(parameter: `$${number}::${string}`): string {
  const type = parameter.slice(parameter.indexOf('::'))
  return `(select ${parameter})${type}`
}
