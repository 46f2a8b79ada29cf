# Runs a program that cannot outlive the process which holds the other end of our stdin.
# guard.sh STOP_SIGNAL FOLDER PROGRAM ARGUMENT...
# Each line on stdin names a signal to send. When stdin ends, STOP_SIGNAL is sent, and KILL ten seconds later. When the
# program has ended, FOLDER (if any) is removed, whatever else runs in our process group is ended, and its exit code is ours.
stop=$1 folder=$2
shift 2
exec 3<&0
"$@" 3<&- </dev/null &
program=$!
{
    while read -r signal <&3; do kill -s "$signal" "$program"; done
    kill -s "$stop" "$program"
    sleep 10
    kill -s KILL "$program"
} >/dev/null 2>&1 &
exec 3<&- >/dev/null 2>&1
wait "$program"
code=$?
if [ -n "$folder" ]; then rm -rf -- "$folder"; fi
trap '' TERM
kill -s TERM 0
exit "$code"
