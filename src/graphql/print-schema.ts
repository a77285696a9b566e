/** `npm run -s schema`: prints the SDL that a supergraph is composed with. */
import { readSdl } from './schema.ts'

process.stdout.write(readSdl())
