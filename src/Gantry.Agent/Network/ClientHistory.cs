namespace Gantry.Agent.Network;

/// <summary>
/// Which party was seen to connect to an address: by it connections are named that were closed before anybody could ask who held them. Two parties that
/// connect to the same address cannot be told apart so, and then nobody is named.
/// </summary>
internal sealed class ClientHistory
{
    private const int Most = 16_384;

    private readonly Dictionary<(ulong Space, Address, ushort), (int Party, bool IsShared)> _seen = [];

    public void Add(ulong space, in Ends ends, int party)
    {
        if (party == 0)
        {
            return;
        }

        if (_seen.TryGetValue((space, ends.Remote, ends.RemotePort), out var known))
        {
            if (known.Party != party && !known.IsShared)
            {
                _seen[(space, ends.Remote, ends.RemotePort)] = (known.Party, true);
            }

            return;
        }

        if (_seen.Count >= Most)
        {
            _seen.Clear();
        }

        _seen.Add((space, ends.Remote, ends.RemotePort), (party, false));
    }

    public void Keep(HashSet<int> parties)
    {
        foreach (var (key, known) in _seen)
        {
            if (!parties.Contains(known.Party))
            {
                _seen.Remove(key);
            }
        }
    }

    /// <returns>The only party that was seen to connect from this namespace to this address; 0 for none or several.</returns>
    public int Sole(ulong space, Address remote, ushort port) =>
        _seen.TryGetValue((space, remote, port), out var known) && !known.IsShared ? known.Party : 0;
}
