/** Adds the settings of a file `.env` in the working folder, if there is one. What the environment sets already stays. */
export function loadEnvFile(): void {
  try {
    process.loadEnvFile()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
