using System.Text;
using Gantry.Agent.Host;

namespace Gantry.Agent.Processes;

/// <summary>
/// uid → name out of /etc/passwd of this host ("name:password:uid:…"), read again when the file changed. Users of a directory service are not
/// in it, nor are those of a container: their number stands for them.
/// </summary>
internal sealed class UserNames(ProcFiles etc)
{
    private readonly Dictionary<uint, string> _names = [];
    private long _modified = -1;

    /// <summary>Once a scan.</summary>
    public void Refresh()
    {
        var path = Encoding.UTF8.GetBytes(etc.Root + "/passwd\0");
        if (!Libc.TryStat(path, out var status) || status.ModifiedSeconds == _modified
            || etc.TryRead("passwd"u8, out var text) != FileOutcome.Ok)
        {
            return;
        }

        _modified = status.ModifiedSeconds;
        _names.Clear();
        var cursor = new TextCursor(text);
        while (cursor.NextLine(out var line))
        {
            Add(line);
        }
    }

    public string Get(uint uid)
    {
        if (uid == uint.MaxValue)
        {
            return "";
        }

        if (!_names.TryGetValue(uid, out var name))
        {
            name = uid.ToString();
            _names.Add(uid, name);
        }

        return name;
    }

    private void Add(ReadOnlySpan<byte> line)
    {
        Span<Range> parts = stackalloc Range[4];
        var count = 0;
        foreach (var range in line.Split((byte)':'))
        {
            if (count == 4)
            {
                break;
            }

            parts[count++] = range;
        }

        if (count == 4 && TextCursor.TryParse(line[parts[2]], out var uid) && uid < uint.MaxValue)
        {
            _names.TryAdd((uint)uid, Encoding.UTF8.GetString(line[parts[0]]));
        }
    }
}
