import { InputPipe } from '@platform/http';
import { AcceptInvitationDto, CreateInvitationDto } from './invitation.dto';
import { UpdateMemberDto } from './member.dto';
import {
  CreateOrganizationDto,
  ListOrganizationsDto,
  TransferOrganizationDto,
  UpdateOrganizationDto,
} from './organization.dto';

const pipe = new InputPipe();
const read = (metatype: new () => object, value: object, type: 'body' | 'query' = 'body') =>
  pipe.transform(value, { type, metatype });

describe('the input of organizations', () => {
  it('trims names and takes addresses in lower case', async () => {
    expect(await read(CreateOrganizationDto, { name: ' Acme ' })).toEqual({ name: 'Acme' });
    const invited = await read(CreateInvitationDto, { email: ' Ann@Example.TEST ', role: 'admin' });
    expect(invited).toEqual({ email: 'ann@example.test', role: 'admin' });
    expect(await read(ListOrganizationsDto, { search: '' }, 'query')).toEqual({ skip: 0, limit: 20 });
  });

  it.each([
    ['no name', CreateOrganizationDto, {}],
    ['a founder', CreateOrganizationDto, { name: 'x', created_by: 'y' }],
    ['a name cleared by null', UpdateOrganizationDto, { name: null }],
    ['a name of 256 characters', UpdateOrganizationDto, { name: 'x'.repeat(256) }],
    ['an invitation to be an owner', CreateInvitationDto, { email: 'a@b.test', role: 'owner' }],
    ['an invitation to no address', CreateInvitationDto, { email: 'nobody', role: 'member' }],
    ['an unknown role', UpdateMemberDto, { role: 'superadmin' }],
    ['a transfer to no id', TransferOrganizationDto, { user_id: 'bob' }],
    ['a token that is a number', AcceptInvitationDto, { token: 7 }],
    ['a token of 129 characters', AcceptInvitationDto, { token: 'x'.repeat(129) }],
  ])('refuses %s', async (_title, dto, value) => {
    await expect(read(dto, value)).rejects.toMatchObject({ status: 422 });
  });
});
