@echo off
setlocal
rem On Windows, npm ci brings no Node.js.
where node >nul 2>nul || (
  echo Ringup found no Node.js on the path: install Node.js 24. 1>&2
  exit /b 2
)
node -- "%~dp0bin\ringup.cjs" %*
exit /b %errorlevel%
