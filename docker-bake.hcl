# The images of kmidi.
#
#   docker buildx bake                 api and ui, amd64 and arm64
#   docker buildx bake local           api and ui for this machine, loaded into its engine
#   docker buildx bake all             api, ui and studio, both platforms
#   docker buildx bake release --push  all three with bill of materials and provenance
#   docker buildx bake validate        the checks that need no build
#   docker buildx bake --list=variables

# ---- variables ----------------------------------------------------------------------------------------------------------------

variable "PYTHON" {
  type        = string
  default     = "python:3.14-slim"
  description = "The image that the interpreter is taken from; pin a digest as python:3.14-slim@sha256:…"
  validation {
    condition     = can(regex("3\\.14", PYTHON))
    error_message = "PYTHON must be a Python 3.14 image: the lock's wheels are chosen for it."
  }
}

variable "REPOSITORY" {
  type        = string
  default     = "kmidi"
  description = "Where images go: each is REPOSITORY/api, REPOSITORY/ui, REPOSITORY/studio"
  validation {
    condition     = REPOSITORY == lower(REPOSITORY) && !can(regex("/$|[[:space:]]", REPOSITORY))
    error_message = "REPOSITORY must be lower case, without a closing slash."
  }
}

variable "VERSION" {
  type        = string
  default     = "dev"
  description = "The tag, and the version that the image's label states"
  validation {
    condition     = can(regex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$", VERSION))
    error_message = "VERSION must be a legal image tag."
  }
}

variable "REVISION" {
  type        = string
  default     = ""
  description = "The commit that the image's label states; empty leaves the label out"
  validation {
    condition     = REVISION == "" || can(regex("^[0-9a-f]{40}$", REVISION))
    error_message = "REVISION must be a full commit hash, or empty."
  }
}

variable "SOURCE_URL" {
  type        = string
  default     = ""
  description = "The repository's address for the image's label; empty leaves the label out"
}

variable "SOURCE_DATE_EPOCH" {
  type        = number
  default     = 315532800
  description = "The time that the image states as its own, in seconds since 1970; a release gives its commit's"
  validation {
    condition     = SOURCE_DATE_EPOCH >= 0
    error_message = "SOURCE_DATE_EPOCH must be a time after 1970."
  }
}

variable "PLATFORMS" {
  type        = list(string)
  default     = ["linux/amd64", "linux/arm64"]
  description = "What api, ui and studio are built for (in the environment: with a comma between)"
  validation {
    condition     = length(PLATFORMS) > 0 && length(setsubtract(PLATFORMS, ["linux/amd64", "linux/arm64"])) == 0
    error_message = "PLATFORMS may hold linux/amd64 and linux/arm64."
  }
}

variable "CA" {
  type        = string
  default     = ""
  description = "A file of certificates for a proxy that re-signs what the package index sends; it reaches the build only, never an image"
}

variable "CACHE" {
  type        = string
  default     = ""
  description = "Where build caches are kept: gha, registry, or a folder; empty keeps none outside the builder"
}

# ---- what is built ------------------------------------------------------------------------------------------------------------

group "default" {
  targets = ["api", "ui"]
}

group "all" {
  targets = ["api", "ui", "studio"]
}

group "local" {
  targets = ["api-local", "ui-local"]
}

group "local-all" {
  targets = ["api-local", "ui-local", "studio-local"]
}

group "release" {
  targets = ["api-release", "ui-release", "studio-release"]
}

group "validate" {
  targets = ["check", "lint"]
}

# Every image states these, as labels and as annotations.
function "facts" {
  params = [service]
  result = {
    "org.opencontainers.image.title"       = "kmidi ${service}"
    "org.opencontainers.image.description" = "Turns a feeling, in a person's own words, into multi-track MIDI"
    "org.opencontainers.image.licenses"    = "MIT"
    "org.opencontainers.image.version"     = VERSION
    "org.opencontainers.image.revision"    = REVISION != "" ? REVISION : null
    "org.opencontainers.image.source"      = SOURCE_URL != "" ? SOURCE_URL : null
  }
}

function "cache" {
  params   = [service]
  variadic_params = options
  result = CACHE == "" ? [] : [join(",", concat(
    CACHE == "gha" ? ["type=gha", "scope=${service}"] :
    CACHE == "registry" ? ["type=registry", "ref=${REPOSITORY}/cache:${service}"] :
    contains(options, "mode=max") ? ["type=local", "dest=${CACHE}/${service}"] : ["type=local", "src=${CACHE}/${service}"],
    options))]
}

target "_common" {
  context    = "."
  dockerfile = "Dockerfile"
  args = {
    PYTHON            = PYTHON
    SOURCE_DATE_EPOCH = SOURCE_DATE_EPOCH
  }
  secret = CA != "" ? ["id=ca,src=${CA}"] : []
}

# The interpreter and the packages that every image holds. `docker buildx bake api --set 'api.contexts.base=docker-image://…'` builds on one from elsewhere.
target "base" {
  inherits  = ["_common"]
  target    = "base"
  platforms = PLATFORMS
  output    = ["type=cacheonly"]
}

target "base-local" {
  inherits = ["_common"]
  target   = "base"
  output   = ["type=cacheonly"]
}

# Filled by docker/metadata-action in the release workflow: tags, labels and annotations of the commit at hand.
target "docker-metadata-action" {}

target "_image" {
  name = "_${service}"
  matrix = {
    service = ["api", "ui", "studio"]
  }
  inherits   = ["_common"]
  target     = service
  tags       = ["${REPOSITORY}/${service}:${VERSION}"]
  labels     = facts(service)
  attest     = ["type=provenance,disabled=true"]
  cache-from = cache(service)
}

target "image" {
  name = service
  matrix = {
    service = ["api", "ui", "studio"]
  }
  inherits    = ["_${service}"]
  contexts    = { base = "target:base" }
  platforms   = PLATFORMS
  annotations = [for key, value in facts(service) : "${length(PLATFORMS) > 1 ? "manifest,index" : "manifest"}:${key}=${value}" if value != null]
}

target "image-local" {
  name = "${service}-local"
  matrix = {
    service = ["api", "ui", "studio"]
  }
  inherits = ["_${service}"]
  contexts = { base = "target:base-local" }
  output   = ["type=docker"]
}

target "image-release" {
  name = "${service}-release"
  matrix = {
    service = ["api", "ui", "studio"]
  }
  inherits = [service, "docker-metadata-action"]
  attest   = ["type=provenance,mode=max", "type=sbom"]
  cache-to = cache(service, "mode=max")
}

# ---- what is checked ----------------------------------------------------------------------------------------------------------

target "check" {
  inherits = ["_common"]
  target   = "studio"
  call     = "check"
}

target "lint" {
  inherits = ["_common"]
  target   = "lint"
  output   = ["type=cacheonly"]
}
