export { ConfigModule } from './config.module';
export { CoreConfig } from './core.config';
export { DECLARATIONS, declarationsIn, sectionsOf } from './declarations';
export { type Environment, readEnvironment } from './environment';
export { flag, integer, list, parseRate, type Rate, rate } from './schemas';
export { pathRefusal } from './path-refusal';
export { serverAddress } from './server-address';
export { LoadedSettings, setting, type SettingDefinition, settings, type SettingsClass } from './settings';
export { TimeOrderedIds } from './time-ordered-ids';
