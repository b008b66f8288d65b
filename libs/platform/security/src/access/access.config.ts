import { integer, setting, settings } from '@platform/config';

/** How fresh a proof of identity must be for a dangerous act. */
export class AccessConfig extends settings('access', {
  stepUpMinutes: setting(
    'STEP_UP_MINUTES',
    integer(1, 1_440).default(15),
    'Minutes for which a proof of identity is fresh enough for dangerous acts (@StepUp), 1–1440.',
  ),
}) {}
