import { Controller, Get, type Type, VERSION_NEUTRAL } from '@nestjs/common';
import { type AppPage } from '@platform/kernel';
import { Public, RateLimit } from '@platform/security';
import { pagePolicy } from '../pages/html-page';
import { LINK_PAGE_SCRIPT, linkPage } from '../pages/link-page';
import { HtmlPage, NotInTheApiDocument } from './development-page';

/** The controller of one page; a class of its own, because a route belongs to a class. */
export function linkPageController(page: AppPage): Type {
  const markup = linkPage(page);

  @Controller({ path: page.path, version: VERSION_NEUTRAL })
  @Public('development only: the module is loaded where ENVIRONMENT is local and APP_URL names no application')
  @RateLimit('none')
  @NotInTheApiDocument()
  class LinkPageController {
    /** The page; it does nothing before a person says so. */
    @Get()
    @HtmlPage(pagePolicy({ script: LINK_PAGE_SCRIPT }))
    show(): string {
      return markup;
    }
  }
  return LinkPageController;
}
