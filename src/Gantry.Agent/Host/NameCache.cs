using System.Text;

namespace Gantry.Agent.Host;

/// <summary>
/// Turns the same few names (devices, interfaces) into the same strings at every interval without allocating. Starts again when
/// there are too many, so that a host with ever new names cannot make it grow.
/// </summary>
internal sealed class NameCache
{
    private const int Most = 512;

    private readonly List<(byte[] Bytes, string Text)> _names = [];

    public string Get(ReadOnlySpan<byte> name)
    {
        foreach (var (bytes, text) in _names)
        {
            if (name.SequenceEqual(bytes))
            {
                return text;
            }
        }

        if (_names.Count >= Most)
        {
            _names.Clear();
        }

        var added = Encoding.UTF8.GetString(name);
        _names.Add((name.ToArray(), added));
        return added;
    }
}
