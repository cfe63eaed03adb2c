using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Observe;

/// <summary>
/// Numbers services, once per gateway process, for all shards. Service 0 is no service. Past <see cref="MaxServices"/> everything new shares one
/// number, so that a sender who invents names cannot take our memory; the totals stay right.
/// </summary>
internal sealed class ServiceRegistry
{
    public const int MaxServices = 20_000;
    public const string OverflowName = "(too many services)";

    private static readonly (string, string, string) Overflow = (OverflowName, "", "");

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Name, string Namespace, string Environment), ServiceIdentity> _byName = [];
    private readonly List<ServiceIdentity> _byId = [];

    public uint IdOf(string name, string @namespace, string environment)
    {
        lock (_gate)
        {
            var key = (name, @namespace, environment);
            if (_byName.TryGetValue(key, out var known))
            {
                return known.Id;
            }

            if (_byId.Count >= MaxServices && key != Overflow)
            {
                return IdOf(OverflowName, "", "");
            }

            var identity = new ServiceIdentity { Id = (uint)_byId.Count + 1, Name = name, Namespace = @namespace, Environment = environment };
            _byId.Add(identity);
            _byName.Add(key, identity);
            return identity.Id;
        }
    }

    public ServiceIdentity this[uint id]
    {
        get
        {
            lock (_gate)
            {
                return _byId[(int)id - 1];
            }
        }
    }
}
