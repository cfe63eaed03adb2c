namespace Gantry.Hub.Fleet.Transport;

/// <summary>
/// Who comes in, decided before anything is upgraded or read. Three lanes, so that agents which the hub knows are not kept out by those that it does not,
/// and those that cost least come first: <c>resume</c> (known, its state is whole), <c>reconnect</c> (known), <c>enrol</c> (all others). An agent names
/// itself by the header OpAMP-Instance-UID. An agent that is known waits for its turn for some seconds before it is turned away: whoever is turned away comes
/// back after half a minute at the soonest, and after a restart of the hub all come at once.
/// </summary>
internal sealed class Admission(FleetStore fleet, FleetOptions options, TimeProvider time, ILogger<Admission> logger)
{
    public const string UidHeader = "OpAMP-Instance-UID";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TokenBucket _resume = new(time, options.Admission.Resume);
    private readonly TokenBucket _reconnect = new(time, options.Admission.Reconnect);
    private readonly TokenBucket _enrol = new(time, options.Admission.Enrol);
    private readonly TokenBucket _say = new(time, 0.1, 1);

    /// <returns>False: the answer is written, 503 with Retry-After.</returns>
    public async Task<bool> TryEnterAsync(HttpContext context)
    {
        var (bucket, lane) = LaneOf(context.Request.Headers[UidHeader].ToString());
        if (!fleet.TurnsAway && bucket.TryReserve(bucket == _enrol ? TimeSpan.Zero : Patience, out var wait))
        {
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, context.RequestAborted);
            }

            return true;
        }

        if (_say.TryTake())
        {
            Log.TurnedAway(logger, lane);
        }

        TurnAway(context.Response);
        return false;
    }

    public static void TurnAway(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.Headers.RetryAfter = RetryAfter.Header();
    }

    private (TokenBucket Bucket, string Lane) LaneOf(string header)
    {
        if (header.Length > 64 || !Guid.TryParse(header, out var uid))
        {
            return (_enrol, "enrol");
        }

        lock (fleet.Gate)
        {
            return fleet.Find_NeedsLock(uid) switch
            {
                null => (_enrol, "enrol"),
                { NeedsFullState: true } or { HasDescription: false } => (_reconnect, "reconnect"),
                _ => (_resume, "resume"),
            };
        }
    }
}
