import { expect, it } from 'vitest'
import { gather } from '../../../src/postgres/gather.ts'

type Item = { readonly key: string; readonly value: number }

function gathering(most = 3) {
  const batches: { items: readonly Item[]; settle: (error?: Error) => void }[] = []
  const add = gather(
    (items: readonly Item[]) =>
      new Promise<readonly number[]>((resolve, reject) => {
        batches.push({
          items,
          settle: (error) => {
            if (error === undefined) resolve(items.map(({ value }) => value * 10))
            else reject(error)
          },
        })
      }),
    { keyOf: ({ key }) => key, most },
  )
  return { batches, add: (value: number, key = String(value)) => add({ key, value }) }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))
const valuesOf = ({ items }: { items: readonly Item[] }) => items.map(({ value }) => value)

it('items of one turn share a batch, and each gets its own result', async () => {
  const { batches, add } = gathering()
  const results = [add(1), add(2)]
  expect(batches).toEqual([])
  await turn()
  expect(batches.map(valuesOf)).toEqual([[1, 2]])
  batches[0]!.settle()
  expect(await Promise.all(results)).toEqual([10, 20])
})

it('items that come while a batch is under way wait for the next one, which is no larger than it may be', async () => {
  const { batches, add } = gathering()
  const results = [add(1)]
  await turn()
  results.push(add(2), add(3), add(4), add(5))
  await turn()
  expect(batches).toHaveLength(1)
  batches[0]!.settle()
  await turn()
  expect(batches.map(valuesOf)).toEqual([[1], [2, 3, 4]])
  batches[1]!.settle()
  await turn()
  expect(batches.map(valuesOf)).toEqual([[1], [2, 3, 4], [5]])
  batches[2]!.settle()
  expect(await Promise.all(results)).toEqual([10, 20, 30, 40, 50])
})

it('two of one key follow each other, in their order', async () => {
  const { batches, add } = gathering()
  const results = [add(1, 'desk'), add(2, 'desk'), add(3, 'phone'), add(4, 'desk')]
  await turn()
  for (const place of [0, 1, 2]) {
    batches[place]!.settle()
    await turn()
  }
  expect(batches.map(valuesOf)).toEqual([[1, 3], [2], [4]])
  expect(await Promise.all(results)).toEqual([10, 20, 30, 40])
})

it('a batch that fails fails for those that share it, and for nobody else', async () => {
  const { batches, add } = gathering()
  const failing = Promise.allSettled([add(1), add(2)])
  await turn()
  const other = add(3)
  batches[0]!.settle(new Error('gone'))
  expect((await failing).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await turn()
  batches[1]!.settle()
  expect(await other).toBe(30)
})

it('begins anew after everything is done', async () => {
  const { batches, add } = gathering()
  const first = add(1)
  await turn()
  batches[0]!.settle()
  await first
  const second = add(2)
  await turn()
  batches[1]!.settle()
  expect(await second).toBe(20)
})
