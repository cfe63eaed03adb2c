using System.Text;
using Gantry.Estate.Instrumentation;
using Gantry.Estate.Instrumentation.Injector;
using Gantry.Protocol.Inventory;

namespace Gantry.Agent.Instrument.Injector;

/// <summary>What a process itself shows of its instrumentation. May be called from any thread. Nothing of an environment is kept.</summary>
internal sealed class ProcessEvidence(string procRoot)
{
    private const int MostBytes = 8 * 1024 * 1024;

    /// <returns>"libotelinject.so is mapped"; "" when it is not, or the process is gone or may not be read.</returns>
    public string Mapped(ProcessFact process, params ReadOnlySpan<string> names)
    {
        var maps = Read(process, "maps");
        foreach (var name in names)
        {
            // The kernel says so of a file that was replaced: a package was upgraded, and the process has the one before.
            if (maps.AsSpan().IndexOf(Encoding.UTF8.GetBytes($"/{name}\n")) >= 0 || maps.AsSpan().IndexOf(Encoding.UTF8.GetBytes($"/{name} (deleted)\n")) >= 0)
            {
                return $"{name} is mapped";
            }
        }

        return "";
    }

    /// <returns>Whether it was started with the text in its environment.</returns>
    public bool StartedWith(ProcessFact process, string mark) => Read(process, "environ").AsSpan().IndexOf(Encoding.UTF8.GetBytes(mark)) >= 0;

    /// <summary>The variables of <see cref="LanguageVariables.Kept"/> that it was started with; none when it may not be read.</summary>
    /// <param name="isOurs">It was started with a drop-in of ours.</param>
    public Dictionary<string, string> Kept(ProcessFact process, out bool isOurs)
    {
        var text = Read(process, "environ");
        var kept = new Dictionary<string, string>();
        isOurs = false;
        foreach (var range in text.AsSpan().Split((byte)0))
        {
            var entry = text.AsSpan()[range];
            isOurs |= Is(entry, KnownDistros.OwnVariable);
            foreach (var name in LanguageVariables.Kept)
            {
                if (Is(entry, name))
                {
                    kept[name] = Encoding.UTF8.GetString(entry[(name.Length + 1)..]);
                }
            }
        }

        Array.Clear(text);
        return kept;
    }

    private static bool Is(ReadOnlySpan<byte> entry, string name) =>
        entry.Length > name.Length && entry[name.Length] == '=' && entry.StartsWith(Encoding.ASCII.GetBytes(name));

    private byte[] Read(ProcessFact process, string name)
    {
        try
        {
            using var file = new FileStream($"{procRoot}/{process.Pid}/{name}", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0);
            var buffer = new MemoryStream();
            var piece = new byte[16 * 1024];
            int read;
            while (buffer.Length < MostBytes && (read = file.Read(piece)) > 0)
            {
                buffer.Write(piece, 0, read);
            }

            return buffer.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
