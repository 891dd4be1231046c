"""An aiogram bot that answers a constant text: peer.py API_URL SECRET. Prints the port of its webhook.

As its documentation has it: SimpleRequestHandler behind aiohttp; it answers 200 before the handler has run and keeps
nothing on disk. `pip install aiogram` (3.31.0) is all it needs.
"""

import asyncio
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

dispatcher = Dispatcher()


@dispatcher.message()
async def answer(message: Message):
    await message.answer("着火了，先打119。")


async def main(api, secret):
    session = AiohttpSession(api=TelegramAPIServer.from_base(api))
    bot = Bot("4242:bench", session=session)
    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token=secret).register(app, path="/hook")
    setup_application(app, dispatcher, bot=bot)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(site._server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


asyncio.run(main(*sys.argv[1:]))
