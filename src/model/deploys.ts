/**
 * Files that say what runs where the application is tested, built or started: CI, containers,
 * platforms, and the scripts of package.json. Without groups that POSIX writes in another way.
 */
export const DEPLOYS =
  /(?:^|\/)(?:package\.json|Dockerfile[^/]*|[^/]+\.[Dd]ockerfile|(?:docker-)?compose[^/]*\.ya?ml|\.gitlab-ci\.ya?ml|azure-pipelines\.ya?ml|bitbucket-pipelines\.ya?ml|Jenkinsfile|Procfile|fly\.toml|railway\.(?:json|toml)|nixpacks\.toml|render\.ya?ml|vercel\.json|netlify\.toml|(?:docker-)?entrypoint[^/]*\.sh|start\.sh|deploy[^/]*\.sh)$|^\.(?:github\/workflows|circleci|buildkite)\/[^/]+\.ya?ml$/;
