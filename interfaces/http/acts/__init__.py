"""The writing half of the API: one address for each act, with a body of its own."""

from fastapi import APIRouter

from interfaces.http.acts import clients, journeys, keeping, merging, organisations, programmes

router = APIRouter()
for _of in (journeys, clients, keeping, merging, organisations, programmes):
    router.routes.extend(_of.router.routes)
