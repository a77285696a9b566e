const CLASSES = `hashtextextended('presence_privacy.classes', 0)`

/**
 * For an act that puts users into another class: what the classes they leave allow stays as it is until the act is over, so that what is
 * recorded of it is right. Such acts do not wait for each other.
 */
export const KEEP_CLASSES = `/* keepClasses */ select pg_advisory_xact_lock_shared(${CLASSES})`

/** For an act that changes what a class allows. */
export const HOLD_CLASSES = `/* holdClasses */ select pg_advisory_xact_lock(${CLASSES})`
