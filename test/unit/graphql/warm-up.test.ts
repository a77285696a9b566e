import { expect, test } from 'vitest'
import { createGate, type Gate } from '../../../src/graphql/gate.ts'
import { createSchema } from '../../../src/graphql/schema.ts'
import { warmUp } from '../../../src/graphql/warm-up.ts'

const schema = createSchema({ maxRepresentations: 1000 })

/** How often a start admits the introspection query, and whether the gate refused it. */
async function introspectionsAtStart(introspection: boolean) {
  const gate = createGate(schema, { introspection })
  const refused: boolean[] = []
  const admitPublic: Gate['admitPublic'] = (operation) => {
    const admitted = gate.admitPublic(operation)
    refused.push(admitted === undefined || 'errors' in admitted)
    return admitted
  }
  await warmUp(schema, { gate: { ...gate, admitPublic }, introspection })
  return refused
}

test('a start runs the introspection query where clients may send it, and only there', async () => {
  const admitted = await introspectionsAtStart(true)
  expect(admitted.length).toBeGreaterThan(0)
  expect(admitted).not.toContain(true)
  expect(await introspectionsAtStart(false)).toEqual([])
})
