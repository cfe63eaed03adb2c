using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Gantry.Agent.Host;

namespace Gantry.Agent.Supervise;

/// <summary>
/// A child in a session and process group of its own, with all that it starts. It cannot outlive the agent, however that ends: a shell loop in
/// the group reads a pipe that the agent holds open, and ends the group when the pipe does (SIGKILL to the agent closes it too). The parent-death signal of
/// prctl would do less: it is the thread's that started the child, is lost with file capabilities, and grandchildren do not have it.
/// </summary>
internal sealed partial class ProcessGroup : IDisposable
{
    /// <summary>The program takes the shell's place, so that the pid is its own and the group's; the loop stays beside it.</summary>
    private const string Script = "exec 3<&0 </dev/null; { while read -r _ <&3; do :; done; kill -s KILL -- -$$; } >/dev/null 2>&1 & exec 3<&-; exec \"$@\"";

    private const int Terminate = 15;
    private const int Kill = 9;

    private readonly Process _process;

    private ProcessGroup(Process process, Task output)
    {
        _process = process;
        Output = output;
    }

    public int Pid => _process.Id;

    /// <summary>Done when nothing of the group writes any more.</summary>
    public Task Output { get; }

    public bool HasEnded => _process.HasExited;

    /// <summary>128 + signal when a signal ended it.</summary>
    public int ExitCode => _process.ExitCode;

    /// <param name="problem">Why there is none; "" when there is.</param>
    public static ProcessGroup? Start(ChildOptions options, OutputTail tail, out string problem)
    {
        problem = "";
        if (!Path.IsPathRooted(options.Program) || !File.Exists(options.Program))
        {
            problem = $"{options.Program} does not exist, or is no absolute path";
            return null;
        }

        // setsid (util-linux, busybox) takes the place of itself, as the new process leads no group yet.
        var start = new ProcessStartInfo("setsid", ["/bin/sh", "-c", Script, "sh", options.Program, .. options.Arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var path = start.Environment.TryGetValue("PATH", out var own) ? own : null;
        start.Environment.Clear();
        start.Environment["PATH"] = path ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        foreach (var (name, value) in options.Environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            var process = Process.Start(start)!;
            return new ProcessGroup(process, Task.WhenAll(tail.ReadAsync(process.StandardOutput.BaseStream), tail.ReadAsync(process.StandardError.BaseStream)));
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            problem = $"it cannot be started ({e.Message}); 'setsid' and '/bin/sh' are needed";
            return null;
        }
    }

    /// <summary>Asks the program to end; what it started is its own to end.</summary>
    public void AskToEnd()
    {
        if (!_process.HasExited)
        {
            _ = Signal(Pid, Terminate);
        }
    }

    /// <summary>Ends the program and everything of its group. The pid cannot be another's yet: as long as the group has a process, its number is taken.</summary>
    public void KillAll()
    {
        // Closing the pipe makes the loop end the group by itself; the signal is only faster.
        _process.StandardInput.Close();
        if (!_process.HasExited)
        {
            _ = Signal(-Pid, Kill);
        }
    }

    /// <returns>Bytes resident, of the program and of what it started.</returns>
    public static long Memory(ProcFiles proc, int pid)
    {
        var pending = new Stack<int>([pid]);
        long pages = 0;
        for (var seen = 0; pending.Count > 0 && seen < 256; seen++)
        {
            var id = pending.Pop();
            if (proc.TryRead(id, "statm"u8, out var text, 256) != FileOutcome.Ok)
            {
                continue;
            }

            var fields = Encoding.ASCII.GetString(text).Split(' ');
            pages += fields.Length > 1 && long.TryParse(fields[1], CultureInfo.InvariantCulture, out var resident) ? resident : 0;
            if (proc.TryRead(id, Encoding.ASCII.GetBytes($"task/{id}/children"), out var children, 4096) == FileOutcome.Ok)
            {
                foreach (var child in Encoding.ASCII.GetString(children).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                {
                    if (int.TryParse(child, CultureInfo.InvariantCulture, out var number))
                    {
                        pending.Push(number);
                    }
                }
            }
        }

        return pages * Environment.SystemPageSize;
    }

    public void Dispose()
    {
        KillAll();
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int process, int signal);
}
