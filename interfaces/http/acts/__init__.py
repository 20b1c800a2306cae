"""The writing half of the API: one address for each act, with a body of its own."""

from fastapi import APIRouter

from interfaces.http.acts import journeys

router = APIRouter()
router.include_router(journeys.router)
