const named = new Map<string, Map<string, string>>()

/**
 * A statement that several changes send, with the name of the one that sends it in front. Built once for each, as both are few: the same
 * text is looked up with every change.
 */
export function namedAfter(change: string, sql: string): string {
  let ofChange = named.get(change)
  if (ofChange === undefined) named.set(change, (ofChange = new Map<string, string>()))
  let text = ofChange.get(sql)
  if (text === undefined) ofChange.set(sql, (text = sql.replace('/* ', `/* ${change}.`)))
  return text
}
