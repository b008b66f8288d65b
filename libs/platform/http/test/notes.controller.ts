import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  HttpException,
  Param,
  Patch,
  Post,
  Query,
  RawBody,
  Res,
} from '@nestjs/common';
import { ApiOkResponse, ApiProperty } from '@nestjs/swagger';
import { AuditLog, NoAudit } from '@platform/audit';
import { Database, statement } from '@platform/database';
import { AppError, type Actor } from '@platform/kernel';
import { Can, CurrentActor, Public, RateLimit } from '@platform/security';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsOptional, IsString, MaxLength, MinLength, ValidateNested } from 'class-validator';
import {
  BodyLimit,
  Flat,
  type HttpResponse,
  Idempotent,
  IfMatch,
  PageDto,
  pageOf,
  PageQueryDto,
  UuidParam,
  withEtag,
} from '../src';
import { NameKey, type NoteRow, NotesService } from './notes.module';

class PartDto {
  @IsString() @MaxLength(10) word: string;
}

class WriteNoteDto {
  @ApiProperty() @IsString() @MinLength(1) @MaxLength(100) name: string;

  @IsOptional() @IsArray() @ArrayMaxSize(5) @ValidateNested({ each: true }) @Type(() => PartDto) parts?: PartDto[];
}

class NoteDto {
  @ApiProperty() id: string;
  @ApiProperty() name: string;

  static of({ id, name }: NoteRow): NoteDto {
    return { id, name };
  }
}

const tagged = (row: NoteRow): NoteDto => withEtag(NoteDto.of(row), row.version);

/** Every kind of route that a domain has. */
@Controller('app/notes')
export class NotesController {
  constructor(private readonly notes: NotesService) {}

  /** List notes. */
  @Get()
  @Can('notes.use')
  @ApiOkResponse({ type: pageOf(NoteDto) })
  async list(@Query() { skip, limit, cursor }: PageQueryDto): Promise<PageDto<NoteDto>> {
    const page = await this.notes.page(skip, limit);
    return PageDto.of({ ...page, nextCursor: cursor === 'last' ? null : 'abc.def' }, NoteDto.of);
  }

  /** Read a note. */
  @Get(':id')
  @Can('notes.use')
  @ApiOkResponse({ type: NoteDto })
  async read(@UuidParam('id', 'Note') id: string): Promise<NoteDto> {
    return tagged(await this.notes.read(id));
  }

  /** Write a note. */
  @Post()
  @Can('notes.use')
  @Idempotent()
  @AuditLog('note.created')
  async create(@Body() body: WriteNoteDto): Promise<NoteDto> {
    return tagged(await this.notes.create(body.name));
  }

  /** Rename a note. */
  @Patch(':id')
  @Can('notes.use')
  @AuditLog('note.renamed', { target: 'id' })
  async rename(
    @UuidParam('id', 'Note') id: string,
    @Body() body: WriteNoteDto,
    @IfMatch() version?: number,
  ): Promise<NoteDto> {
    return tagged(await this.notes.rename(id, body.name, version));
  }

  /** What nobody may. */
  @Delete(':id')
  @HttpCode(204)
  @Can('notes.never')
  @AuditLog('note.deleted', { target: 'id' })
  delete(@UuidParam('id', 'Note') id: string): string {
    return id;
  }
}

/** Errors of every kind, and answers that are not JSON objects. */
@Controller('public/probe')
@Public('a probe of the tests')
@RateLimit('none')
export class ProbeController {
  constructor(private readonly database: Database) {}

  /** Fail as asked. */
  @Get('fail/:kind')
  async fail(@Param('kind') kind: string): Promise<void> {
    if (kind === 'teapot')
      throw new AppError('Short and stout', { status: 418, code: 'TEAPOT', details: { spout: 1 } });
    if (kind === 'nest') throw new HttpException('secret words', 403);
    if (kind === 'type') throw new TypeError('password=hunter2 at /srv/app.js');
    if (kind === 'thrown') throw 'a string';
    await this.database.query(statement('probe.broken', 'SELECT nothing FROM nowhere'));
  }

  /** Who calls. */
  @Get('me')
  @Flat()
  me(@CurrentActor() actor: Actor): { kind: string } {
    return { kind: actor.kind };
  }

  /** Text. */
  @Get('text')
  text(@Res({ passthrough: true }) response: HttpResponse): string {
    response.setHeader('Content-Type', 'text/plain; charset=utf-8');
    return 'plain';
  }

  /** Takes bytes. */
  @Post('raw')
  @NoAudit('a probe')
  @BodyLimit(200_000)
  raw(@RawBody() body: Buffer): { bytes: number } {
    return { bytes: body.length };
  }

  /** Takes little. */
  @Post('small')
  @HttpCode(200)
  @NoAudit('a probe')
  @BodyLimit(20)
  small(@Body() body: object): object {
    return body;
  }

  /** Counted strictly. */
  @Post('login')
  @HttpCode(204)
  @RateLimit('auth.register')
  @AuditLog('probe.login')
  login(): void {}

  /** Counted by the name in its body. */
  @Post('ask')
  @HttpCode(204)
  @RateLimit('auth.mail', NameKey)
  @NoAudit('a probe')
  ask(@Body() _body: object): void {}
}
