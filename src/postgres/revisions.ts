/** What a row of `users` is raised to: numbers never come back, also where a row is made anew after an erasure. */
export const NEXT_REVISION = `nextval('presence_privacy.revisions')`

/**
 * One for all classes of service and the site. Each is raised by its own changes and none is ever removed, so that every commit raises
 * the sum, in whichever order they come.
 */
export const SETTINGS_REVISION = `(
  (select sum(revision) from presence_privacy.classes_of_service)
    + (select sum(revision) from presence_privacy.site_settings))::text`
