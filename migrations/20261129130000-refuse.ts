import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * What a statement calls where it must not answer, from within an expression: SQL itself can raise no error. It is called only then, so that it
 * costs nothing where all is well. Volatile: a planner that evaluated it beforehand would refuse everything.
 */
export class Refuse20261129130000 implements MigrationInterface {
  name = 'Refuse20261129130000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function presence_privacy.refuse(state text, why text) returns boolean
      language plpgsql volatile parallel safe
      as $$ begin raise exception using errcode = state, message = why; end $$`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop function presence_privacy.refuse(text, text)`)
  }
}
