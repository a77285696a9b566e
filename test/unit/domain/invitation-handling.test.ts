import { describe, expect, it } from 'vitest'
import { effectiveHandling } from '../../../src/domain/invitation-handling.ts'
import { CLASS_HANDLINGS, HANDLINGS } from '../../support/domain-values.ts'
import { RulesDocument } from '../../support/rules-document.ts'

describe('the handling of requests', () => {
  it('is what the document says for every setting in every class of service', () => {
    const documented = new RulesDocument().matrix('Invitation handling', {
      rows: HANDLINGS,
      columns: CLASS_HANDLINGS,
    })
    for (const own of HANDLINGS) {
      for (const ofClass of CLASS_HANDLINGS) {
        expect(`${own} in ${ofClass}: ${effectiveHandling({ own, ofClass })}`).toBe(
          `${own} in ${ofClass}: ${documented[own][ofClass]}`,
        )
      }
    }
  })
})
