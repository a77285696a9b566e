import { createRequire } from 'node:module'
import * as apollo from '@apollo/composition'
import * as guild from '@theguild/federation-composition'
import * as cosmo from '@wundergraph/composition'
import { parse, print } from 'graphql'

// Cosmo's composer builds a schema, and a schema is known only to the very copy of graphql that built it: the CommonJS one.
const { printSchema } = createRequire(import.meta.url)('graphql') as {
  readonly printSchema: (schema: object) => string
}

/** A subgraph as composers want it. */
export type ComposedService = { readonly name: string; readonly url: string; readonly sdl: string }

export type Composition = {
  /** For a gateway of the same family; Cosmo's router takes a format of its own. */
  readonly supergraph: string
  /** The API that clients of the graph see. */
  readonly api: string
  /** What the composer remarks although it composed. */
  readonly remarks: readonly string[]
}

/** All three throw an error with everything that their composer objects to. */
export const COMPOSERS = {
  '@apollo/composition': composeByApollo,
  '@theguild/federation-composition': composeByGuild,
  '@wundergraph/composition': composeByCosmo,
} satisfies Record<string, (services: readonly ComposedService[]) => Composition>

export function composeByApollo(services: readonly ComposedService[]): Composition {
  const { errors, supergraphSdl, hints } = apollo.composeServices(parsed(services))
  if (supergraphSdl === undefined) throw objections(errors)
  return {
    supergraph: supergraphSdl,
    api: print(guild.transformSupergraphToPublicSchema(parse(supergraphSdl))),
    remarks: hints.map(({ definition, message }) => `${definition.code}: ${message}`),
  }
}

export function composeByGuild(services: readonly ComposedService[]): Composition {
  const result = guild.composeServices(parsed(services))
  if (guild.compositionHasErrors(result)) throw objections(result.errors)
  return { supergraph: result.supergraphSdl, api: result.publicSdl, remarks: [] }
}

function composeByCosmo(services: readonly ComposedService[]): Composition {
  const result = cosmo.federateSubgraphs({
    version: '1',
    subgraphs: parsed(services).map(({ name, url, typeDefs }) => ({ name, url, definitions: typeDefs })),
  })
  if (!result.success) throw objections(result.errors)
  return {
    supergraph: print(result.federatedGraphAST),
    api: printSchema(result.federatedGraphClientSchema),
    remarks: result.warnings.map(({ message }) => message),
  }
}

function parsed(services: readonly ComposedService[]) {
  return services.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }))
}

function objections(errors: readonly { message: string }[] | undefined): Error {
  return new Error(`does not compose:\n${(errors ?? []).map(({ message }) => message).join('\n')}`)
}
