export { configureLogging, flushLogs, Log, type LogFacts, type LoggingOptions, type LogLevel } from './log';
export { NestLog } from './nest-log';
export { packageVersion } from './package-version';
export { describeError, isSecretKey, REDACTED, scrubText, scrubUrl, scrubValue } from './scrub';
