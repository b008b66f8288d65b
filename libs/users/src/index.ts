export { UserDto } from './dto/user.dto';
export { User, type ProfileChanges, type UserChanges } from './entities/user.entity';
export { isPlaceholderAddress, placeholderAddress } from './placeholder-address';
export { type NewUser, UserDirectory } from './user.directory';
export { type UserPage, type UserPageQuery } from './user.repository';
export { EmailTaken, UserNotFound } from './users.errors';
export { UsersModule } from './users.module';
export { UsersService } from './users.service';
export { userTag } from './users.tags';
