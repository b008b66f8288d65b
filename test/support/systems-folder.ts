/** The variable by which jest tells its workers where the shared systems are written down. */
export const SYSTEMS_FOLDER = 'TEST_SYSTEMS';

/** The file in it that has a line for each start. */
export const STARTS = 'starts';
