import { IsDisplayName } from '@platform/security';

/** Another name of an API key. What it may do cannot be changed: make a new one. */
export class RenameApiKeyDto {
  /** 1–100 characters after trimming. */
  @IsDisplayName(100)
  name: string;
}
