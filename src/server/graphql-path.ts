/** Where GraphQL is served, over HTTP and by upgrade over WebSocket. */
export const GRAPHQL_PATH = '/graphql'
