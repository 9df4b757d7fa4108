# The commands for images, by short names. `make` lists them.
# CA=file names the certificates of a proxy that re-signs downloads.

export CA

.DEFAULT_GOAL := help
.PHONY: help images local up down validate size test lock

help: ## what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

images: ## api, ui and studio for amd64 and arm64
	docker buildx bake all

local: ## api, ui and studio for this machine, loaded into its engine
	docker buildx bake local-all

up: ## build, start, wait until healthy: page on 8501, API on 8000
	docker compose $(if $(CA),-f compose.yaml -f deploy/compose.ca.yaml) up --build --wait

down: ## stop
	docker compose down

validate: ## checks that build nothing
	docker buildx bake validate
	docker compose config --quiet

size: ## sizes, build times, start and memory, beside their bars
	uv run --group bench python -m bench.images

lock: ## after a change of dependencies: the lock, and what of it the images install
	uv lock
	uv run python -m scripts.lock_images

test: ## the tests of the images
	uv run pytest tests/images
