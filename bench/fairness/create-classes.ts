/** Creates the two classes of service between which an administrator moves users. The token is the administrator's. */
export async function createClasses(url: string, token: string): Promise<void> {
  for (const name of ['one', 'other']) {
    const query = `mutation { createPresenceClassOfService(input: { name: "${name}" }) { outcome } }`
    await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
  }
}
