import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Query } from './database.ts'
import { PROVEN } from './proof.ts'

/**
 * Numbers of rows come from sequences that everybody's acts move: two of them tell how much was recorded in between. So outside of the
 * adapter a row has its number sealed: one block of AES under the key of the database, which looks random and has no order. The same row
 * always has the same sealed id, on every instance. Only whoever knows the key, or reads the tables, learns the number.
 */
export type SealedIds = {
  readonly seal: (number: string) => string
  /** The number; null where no row of this table was ever sealed so. */
  readonly unseal: (id: string) => string | null
}

const READ_KEY = `/* readSealingKey */ select sealing_key from presence_privacy.site_settings where ${PROVEN}`

const ALGORITHM = 'aes-256-ecb'
const BLOCK_BYTES = 16
const NUMBER_BYTES = 8

/** Of one table; the key is read once, with the first use. */
export function sealedIds(query: Query, table: 'trail' | 'acts'): () => Promise<SealedIds> {
  let reading: Promise<SealedIds> | undefined
  return () => {
    reading ??= read(query, table)
    reading.catch(() => (reading = undefined))
    return reading
  }
}

async function read(query: Query, table: string): Promise<SealedIds> {
  const [row] = await query<{ sealing_key: Buffer }>(READ_KEY, [])
  if (row === undefined) throw new Error('the settings of the site are missing')
  return sealing(row.sealing_key, table)
}

/** One block holds a number and the table it belongs to, by which a block that was made up is told. */
export function sealing(key: Buffer, table: string): SealedIds {
  const mark = Buffer.alloc(BLOCK_BYTES - NUMBER_BYTES, table.padEnd(BLOCK_BYTES - NUMBER_BYTES))
  return {
    seal(number) {
      const block = Buffer.alloc(BLOCK_BYTES)
      block.writeBigUInt64BE(BigInt(number))
      mark.copy(block, NUMBER_BYTES)
      return createCipheriv(ALGORITHM, key, null).setAutoPadding(false).update(block).toString('base64url')
    },
    unseal(id) {
      const sealed = Buffer.from(id, 'base64url')
      if (sealed.length !== BLOCK_BYTES) return null
      const block = createDecipheriv(ALGORITHM, key, null).setAutoPadding(false).update(sealed)
      return block.subarray(NUMBER_BYTES).equals(mark) ? String(block.readBigUInt64BE()) : null
    },
  }
}
