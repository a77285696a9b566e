import { join } from 'node:path'

import eslint from '@eslint/js'
import tseslint from 'typescript-eslint'

/** What a person starts by hand, and reads on the terminal. */
const COMMANDS = [
  'src/main.ts',
  'src/identity/development-token.ts',
  'src/graphql/print-schema.ts',
  'src/admin/**',
  'demo/**',
  'bench/**',
  'tools/**',
]

const READS_ENVIRONMENT = 'Only src/config.ts reads the environment: take what you need as an argument.'

/** Run from the root folder: `npm run lint`. */
export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'src/generated/', '**/node_modules/', '.data/', 'bench/results/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [
      eslint.configs.recommended,
      tseslint.configs.strictTypeChecked,
      tseslint.configs.stylisticTypeChecked,
    ],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: join(import.meta.dirname, '..') },
    },
    rules: {
      // Promises that nobody waits for lose their errors.
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // Spreading a string is how code points are counted, as the product counts them.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      // Structural types are meant: TypeORM's options and Fastify's sockets are not made by the constructors that they name.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Data is a `type`; a port, which adapters implement, may be an `interface`.
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/prefer-readonly': 'error',
      // It asks for the `!` that no-non-null-assertion forbids.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // tsconfig's noPropertyAccessFromIndexSignature asks for the brackets that this rule would take away.
      '@typescript-eslint/dot-notation': 'off',
      // A number or a flag in a message reads as one means it; objects and nothing at all do not.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        {
          argsIgnorePattern: '^_',
          destructuredArrayIgnorePattern: '^_',
          varsIgnorePattern: '^_',
          ignoreRestSiblings: true,
        },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      // Control characters stand in patterns in order to be refused.
      'no-control-regex': 'off',
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportDefaultDeclaration',
          message: 'Export by name: a thing has one name wherever it is used.',
        },
        { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file that says it.' },
      ],
      'max-lines': ['warn', 400],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      // At 250 lines, look for the second idea.
      'max-lines': ['error', 250],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: READS_ENVIRONMENT },
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: ['node:process', 'process'].map((name) => ({
            name,
            importNames: ['env'],
            message: READS_ENVIRONMENT,
          })),
        },
      ],
    },
  },
  {
    files: ['src/domain/**', 'src/application/**'],
    rules: {
      // A new state must be thought about wherever states are told apart: no `default` takes it in unseen.
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: false, requireDefaultForNonUnion: true },
      ],
      // Ports are objects of functions, and know no `this`.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // `development-token` hands the environment to config; a child process of PostgreSQL inherits the environment unread.
    files: [
      'src/config.ts',
      'src/config/**',
      'src/main.ts',
      'src/identity/development-token.ts',
      'src/admin/main.ts',
      'src/embedded-postgres/**',
    ],
    rules: { 'no-restricted-properties': 'off', 'no-restricted-imports': 'off' },
  },
  { files: COMMANDS, rules: { 'no-console': 'off' } },
  {
    files: ['*.config.ts', 'tools/*.config.js'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // Vitest's global set-up is a default export.
      'no-restricted-syntax': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'no-console': 'off',
      // A test hands over what a caller in JavaScript might, and asserts what the types deny.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
)
